"""What a desk's own words stand for: its categories for the model, its stages within the states of a ticket."""

from __future__ import annotations

from collections.abc import Mapping

from servicebook.diagnostics.diagnostic import Diagnostic
from servicebook.loader.findings import stage_of_another_state, undeclared_stage
from servicebook.loader.refused import near_word
from servicebook.settings import Settings
from servicebook.typed import Any


def as_ours(data: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return a record's fields as the model knows them: a category of the desk is judged as the one it stands for."""
    ours = settings.categories.get(str(data.get("category")))
    return {**data, "category": ours} if ours else data


def find_wrong_stage(path: str, data: Mapping[str, Any], status: str, settings: Settings) -> list[Diagnostic]:
    """Return what is wrong with the stage of a ticket in a state: not declared, or a stage of another state."""
    stage = str(data["stage"])
    state = settings.stages.get(stage)
    if state is None:
        near = near_word(stage, list(settings.stages))
        return [undeclared_stage.at(path, ("stage",), stage=stage, near=near)]
    if state == status:
        return []
    params = {"stage": stage, "state": state, "status": status, "id": str(data.get("id"))}
    return [stage_of_another_state.at(path, ("stage",), **params)]
