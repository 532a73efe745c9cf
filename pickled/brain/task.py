"""What a prompt ends with: what the model shall do now."""

from __future__ import annotations

from pickled.brain.context import Situation, lasted
from pickled.messages.decision import Request

_MOMENTS = {
    "link_lost": "The streamer's connection is lost and the picture stands still, for {lasted} "
    "now. You carry the show alone: say so lightly, keep chat company, promise nothing.",
    "link_back": "The streamer's connection is back. Say so, and hand over to them.",
    "scene": 'Something new came into the picture; the line of "camera" says what. Say one short '
    "thing about it, as somebody who just noticed; invent nothing.",
    "idle": "Nobody has said anything for a while. Say something short about what goes on, "
    "or ask chat something; invent nothing.",
}
_DISCREET = (
    " Be discreet: name no place, nothing that is seen, and not where the streamer is or goes."
)
_AND_ANSWER = ", and answer what it says"


def task_of(request: Request, situation: Situation) -> str:
    """Answer that line, react to what happened, or speak up."""
    discreet = _DISCREET if situation.discreet else ""
    match request.origin:
        case "ask" | "speech":
            task = "The streamer says the last line to you. Answer as JSON."
        case "stream":
            many = len(request.messages) > 1
            what = f"The last {len(request.messages)} lines" if many else "The last line"
            them = "them together" if many else "it"
            react = f"React to {them}" + _AND_ANSWER * _says_something(request)
            task = f"{what} just happened on the stream. {react}, as JSON."
        case "moment":
            moment = _MOMENTS.get(request.reason, _MOMENTS["idle"])
            task = moment.format(lasted=lasted(situation.link_s)) + " As JSON."
        case _:
            task = 'Answer the line marked "answer": true, as JSON.'
    return task + discreet


def _says_something(request: Request) -> bool:
    """Who spends bits or points on a sentence wants it answered."""
    told = request.messages[-1].text if request.messages else ""
    return request.reason in ("cheer", "redemption") and ": " in told
