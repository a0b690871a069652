"""The app's own protocol without a browser: a signed-in session on a real websocket, for load."""

from __future__ import annotations

import asyncio
import json
import time
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string

ISSUER = "https://id.example"
COOKIE_SECRET = "a secret for load tests alone, 32+"
_LARGEST = 256 * 2**20  # bytes of a message


def secrets(url: str) -> str:
    """``secrets.toml`` of a server whose users these sessions are."""
    return (
        f'[auth]\nredirect_uri = "{url}/oauth2callback"\ncookie_secret = "{COOKIE_SECRET}"\nclient_id = "load"\n'
        f'client_secret = "none"\nserver_metadata_url = "{ISSUER}/.well-known/openid-configuration"\n'
    )


class Session:
    """One user with one open page.

    Parameters
    ----------
    url : str
        Of the server.
    subject : str
        Who is signed in.
    """

    def __init__(self, url: str, subject: str) -> None:
        self.url, self.subject = url, subject
        self.pages: dict[str, str] = {}
        self.buttons: dict[str, str] = {}  # label → id, on the page now shown
        self.texts = bytearray()  # everything received since the last click
        self.exceptions = 0
        self._where = ("", "")
        self._refresh: tuple[str, float] | None = None
        self._announced: tuple[str, float] | None = None  # by the script that runs now

    async def __aenter__(self) -> Session:
        user = {"is_logged_in": True, "iss": ISSUER, "sub": self.subject, "email": f"{self.subject}@agency.example"}
        signed = create_signed_value(COOKIE_SECRET, "_streamlit_user", json.dumps({**user, "origin": self.url}))
        token = generate_xsrf_token_string()
        self._socket = await websockets.connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit", token],
            additional_headers={"Cookie": f"_streamlit_user={signed.decode()}; _streamlit_xsrf={token}"},
            origin=self.url,
            max_size=_LARGEST,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self, page: str = "", **query: str) -> float:
        """Seconds until ``page`` (its name in the address; empty = the first one) has been sent whole."""
        self._where = (self.pages.get(page, ""), urlencode(query))
        return await self._ask()

    async def press(self, label: str) -> float:
        """Seconds until the page after a click on the button ``label`` has been sent whole."""
        return await self._ask(pressed=self.buttons[label])

    async def look(self, seconds: float) -> None:
        """Read the page for ``seconds``, letting what refreshes itself do so as a browser does."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            await asyncio.sleep(min(left, self._refresh[1] if self._refresh else left))
            if self._refresh and until > time.perf_counter():
                await self._ask(fragment=self._refresh[0])

    async def _ask(self, *, pressed: str | None = None, fragment: str | None = None) -> float:
        message = BackMsg()
        asked = message.rerun_script
        asked.page_script_hash, asked.query_string = self._where
        if pressed:
            asked.widget_states.widgets.add(id=pressed, trigger_value=True)
        if fragment:
            asked.fragment_id, asked.is_auto_rerun = fragment, True
        else:
            self.buttons, self._refresh = {}, None
            self.texts.clear()
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while not await self._take(fragment):
            pass
        return time.perf_counter() - began

    async def _take(self, fragment: str | None) -> bool:
        """Take in one message; True when it says that the script has ended."""
        received = await asyncio.wait_for(self._socket.recv(), 120)
        self.texts += received
        message = ForwardMsg.FromString(received)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.pages = {p.url_pathname: p.page_script_hash for p in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self._where = (self._where[0], message.page_info_changed.query_string)
        elif kind == "auto_rerun":
            self._announced = self._refresh = (message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "new_session":
            self._where = (message.new_session.page_script_hash, self._where[1])
            self._announced = None
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                self.buttons[element.button.label] = element.button.id
            self.exceptions += element.WhichOneof("type") == "exception"
        if kind != "script_finished":
            return False
        ended = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
        if ended == "FINISHED_SUCCESSFULLY":  # a whole page, which may have nothing left to refresh
            self._refresh = self._announced
        if fragment:
            return ended in ("FINISHED_FRAGMENT_RUN_SUCCESSFULLY", "FINISHED_SUCCESSFULLY")
        return ended == "FINISHED_SUCCESSFULLY"
