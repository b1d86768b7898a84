"""The book of customers as it moves in and out: files read, columns understood, rows tidied, files written.

Nothing here knows a database or a request. `reader` makes a table of a file's bytes, `mapping` says what each column
holds, `people` makes a person of a row, `preview` shows what will become of a file, and `writer` makes a file of a table.
"""
