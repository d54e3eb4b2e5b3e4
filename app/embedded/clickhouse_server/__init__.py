"""ClickHouse's HTTP protocol on loopback, over the engine in this process (chDB).

chDB is the real engine without its server: no HTTP, no users, no query ids. The modules here add just that, so that
nobody else has to know whether ClickHouse is embedded:

- `errors`: exception codes and the HTTP status the server gives for each
- `tokens`, `statements`: how far a body is SQL and where its data begins
- `requests`, `forms`, `compression`, `authentication`: what an HTTP request asks for
- `engine`, `session`, `execution`: one clean handle for each request
- `lanes`: how many of them at once
- `asgi`, `responses`: the HTTP application
- `server`: the process
"""
