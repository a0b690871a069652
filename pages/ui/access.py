"""Who is using the app: the sign-in gate, the owner that everything stored belongs to, and the account menu."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

import streamlit as st

from pages.ui import text


def required() -> bool:
    """Whether somebody has to sign in: an OIDC provider is configured, or the server must not run without one."""
    return "is_logged_in" in st.user or bool(os.environ.get("STUDIO_REQUIRE_LOGIN"))


def owner() -> str:
    """Whom everything stored belongs to: 32 hexadecimal digits; empty where nobody signs in.

    Made of issuer and subject, as an e-mail address may be given to somebody else one day.
    """
    if not required():
        return ""
    return hashlib.sha256(f"{st.user['iss']}|{st.user['sub']}".encode()).hexdigest()[:32]


def admitted() -> bool:
    """Whether the user may use the app."""
    return not required() or bool(st.user.get("is_logged_in") and _allowed())


def gate() -> None:
    """Stop the script unless the user may use the app; every page passes here before it reads anything."""
    if admitted():
        return
    st.title("Synthetic Data Studio", anchor=False)
    if "is_logged_in" not in st.user:
        st.error("This server asks for a login, but no login provider is set up. Tell whoever runs it.")
    elif not st.user.is_logged_in:
        st.markdown("Sign in to see your tables and runs. Nobody else sees them.")
        for provider in _providers():
            label = f"Sign in with {provider}" if provider else "Sign in"
            st.button(label, type="primary", key=f"sign-in-{provider}", on_click=st.login, args=(provider,))
    else:
        st.error(f"{text.literal(_name())} may not use this server. Ask whoever runs it, or sign in as somebody else.")
        st.button("Sign out", on_click=st.logout, key="sign-out")
    st.stop()


def account() -> None:
    """A menu on the page's upper right: who is signed in, how much they store, sign out, delete everything."""
    if not required():
        return
    from pages.ui import workspace  # only now: it imports this module

    with st.container(horizontal=True, horizontal_alignment="right"), st.popover(
        _name()[:40], icon=":material/account_circle:"
    ):  # fmt: skip
        st.markdown(f"Signed in as **{text.literal(_name())}**.")
        limit = workspace.store().limits.gigabytes
        stored = f"{workspace.used() / 1e9:.2f} GB" + (f" of {limit:g} GB" if limit else "")
        st.caption(f"You store {stored}. Owner id: {owner()}")
        st.button("Sign out", icon=":material/logout:", on_click=st.logout, key="sign-out")
        if st.button("Delete everything of mine", icon=":material/delete_forever:", key="erase"):
            _confirm_erase()


@st.dialog("Delete everything?")
def _confirm_erase() -> None:
    """Ask before all that the owner stored is removed."""
    from pages.ui import frame, loaded, workspace

    st.markdown(
        "Your tables, runs, journeys, brands, tests, reports and privacy accounts are removed from the server's disk. "
        "This cannot be undone. Copies that whoever runs the server has made are not reached."
    )
    sure = st.text_input("Type DELETE to confirm", key="erase-word")
    if st.button("Delete everything", type="primary", disabled=sure != "DELETE", key="erase-now"):
        with frame.guard():
            workspace.store().erase()
            loaded.forget(scorers=True)
            st.session_state.clear()
            frame.go("Start")


def _allowed() -> bool:
    """Whether the user is on ``$STUDIO_ALLOWED_USERS``: addresses, or domains such as ``@agency.example``."""
    listed = [entry.strip().casefold() for entry in os.environ.get("STUDIO_ALLOWED_USERS", "").split(",")]
    listed = [entry for entry in listed if entry]
    if not listed:
        return True
    address = str(st.user.get("email") or "").casefold()
    if not address or st.user.get("email_verified") is False:
        return False
    return any(address == entry or (entry.startswith("@") and address.endswith(entry)) for entry in listed)


def _name() -> str:
    return str(st.user.get("email") or st.user.get("name") or st.user.get("sub"))


def _providers() -> list[str | None]:
    """Names of the providers in the ``auth`` section of the secrets; None where it holds a single one."""
    named = [name for name, value in st.secrets["auth"].items() if isinstance(value, Mapping)]
    return named or [None]
