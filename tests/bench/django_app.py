"""The same page as a Django developer would write it: a session, raw SQL in one transaction, Jinja2, GZip middleware.

What it does not do is the application around it (navigation, permissions of buttons, CSP); that is in its favour.
"""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from psycopg.conninfo import conninfo_to_dict

PAGE = json.loads(os.environ["BENCH_PAGE"])
DATABASE = conninfo_to_dict(os.environ["CRM_DATABASE_URL"])

settings.configure(
    SECRET_KEY="only for the bench",
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    INSTALLED_APPS=["django.contrib.sessions"],
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["CRM_VALKEY_URL"]}},
    TEMPLATES=[{"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [Path(__file__).parent / "templates"]}],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE["dbname"], "USER": DATABASE["user"], "PASSWORD": DATABASE["password"],
            "HOST": DATABASE.get("host", ""), "PORT": DATABASE.get("port", ""), "CONN_MAX_AGE": None,
        }
    },
    USE_TZ=True,
)  # fmt: skip
django.setup()


def show(request: HttpRequest) -> HttpResponse:
    request.session.get("member")  # reads the session, as a signed-in page does
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PAGE["enter"])
        rows = []
        for query in PAGE["queries"]:
            cursor.execute(query)
            names = [column.name for column in cursor.description]
            rows.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    zone = ZoneInfo(PAGE["zone"])
    return render(request, f"{PAGE['template']}.html", {"rows": rows[0], "others": rows[1:], "zone": zone})


def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path(urlsplit(PAGE["path"]).path.lstrip("/"), show), path("live", live)]
application = get_wsgi_application()
