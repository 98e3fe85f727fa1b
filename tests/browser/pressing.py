"""Pressing a button of a form that is sent as a whole."""

from playwright.sync_api import Page


def press(page: Page, name: str) -> None:
    """Press it and wait for the answer: the session is looked at first, so nothing goes at once."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()
