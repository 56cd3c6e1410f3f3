"""Routes that show the form again, nothing lost, where a question could not be taken."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.errors import AuskunftError
from service.app import problem_of
from service.wording import WORDINGS
from web.citizen.asking import Form, Turn
from web.citizen.page import Page
from web.citizen.wordings import chosen_wording


def form_keeping(view: Page) -> type[APIRoute]:
    """The class of the page's routes: an error before them, as of who asks too often, and one that
    they raise is told above the form, with what was typed."""

    class FormKeepingRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_or_show_again(request: Request) -> Response:
                try:
                    return await handle(request)
                except AuskunftError as error:
                    turn = Turn(await _read_form(request), problem=problem_of(error))
                is_framed = bool(request.query_params.get("frame"))
                return await run_in_threadpool(view.question, turn, is_framed=is_framed)

            return handle_or_show_again

    return FormKeepingRoute


async def _read_form(request: Request) -> Form:
    """What was sent, by the form or in the address, in the wording that is asked for."""
    sent = await request.form() if request.method == "POST" else request.query_params

    def typed(name: str) -> str:
        return str(sent.get(name, ""))

    switch = typed("switch")
    wanted = switch if switch in WORDINGS else typed("language")
    wording = chosen_wording(wanted, request.headers.get("accept-language", ""))
    return Form(typed("question"), typed("town"), wording, typed("asked"), typed("before"))
