"""The application of one process, made from its environment."""

from crm import config, logs
from crm.app import create_app

logs.configure()
app = create_app(config.load())
