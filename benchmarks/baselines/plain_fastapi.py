"""The baseline most people would write: a FastAPI route that answers the GIF and records nothing.

Served by the same server, with the same event loop, as the collector. `python plain_fastapi.py PORT`
"""

import sys

import uvloop
from fastapi import FastAPI, Response
from granian.constants import Interfaces
from granian.server.embed import Server

GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

app = FastAPI()


@app.get("/api/t/u/{token}.gif")
async def pixel(token: str) -> Response:
    return Response(GIF, media_type="image/gif", headers={"cache-control": "no-store"})


if __name__ == "__main__":
    server = Server(app, port=int(sys.argv[1]), interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    uvloop.run(server.serve())
