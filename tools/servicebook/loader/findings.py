"""The rules that loading finds on its way: fields, values and kinds that the models refuse (REC201-REC209)."""

from __future__ import annotations

from servicebook.diagnostics.rule import Rule, found_on_the_way


@found_on_the_way(
    "REC201",
    "unknown-field",
    message="`{field}` is not a field of this kind",
    hint="did you mean `{near}`? | `servicebook schema` lists the fields; your own go under `custom:`",
)
def unknown_field() -> None:
    """A field that the record's kind does not have.

    Why: a misspelt field is read by nobody, so its promise is lost silently.

    Example:
        fualt_grade: severe

    Instead:
        fault_grade: severe
    """


@found_on_the_way(
    "REC202",
    "missing-field",
    message="`{field}` is missing",
    hint="add `{field}:`; `servicebook schema` says what it takes",
)
def missing_field() -> None:
    """A field without which the record cannot be told or filed.

    Why: id, title and schema name a record; without a customer nobody knows whose promise runs.

    Example:
        schema: incident/1
        id: INC-20260312-7F3K

    Instead:
        schema: incident/1
        id: INC-20260312-7F3K
        title: Channel 3 is black
    """


@found_on_the_way(
    "REC203",
    "wrong-value",
    message="`{field}` is `{value}`, due was {due}",
    hint="write {due}",
)
def wrong_value() -> None:
    """A value of another type or form than the field takes.

    Why: clocks, lists and figures are computed from these values; one that must be guessed at is wrong
    somewhere.

    Example:
        reported_at: yesterday evening

    Instead:
        reported_at: 2026-03-12T08:41:00+08:00
    """


@found_on_the_way(
    "REC204",
    "naive-instant",
    message="`{field}` is `{value}`, an instant without offset",
    hint="add the offset of the place it happened at, such as +08:00",
)
def naive_instant() -> None:
    """An instant that does not say which offset it is in.

    Why: a promise of 30 minutes cannot be kept in a time that is 8 hours wide (design: clocks, zone).

    Example:
        reported_at: 2026-03-12T08:41:00

    Instead:
        reported_at: 2026-03-12T08:41:00+08:00
    """


@found_on_the_way(
    "REC205",
    "unknown-value",
    message="`{field}` is `{value}`, due was {due}",
    hint="did you mean `{near}`? | write one of these words; `servicebook schema` says what each means",
)
def unknown_value() -> None:
    """A word that is none of the words the field takes.

    Why: targets, routing and figures key on these words.

    Example:
        fault_grade: critical

    Instead:
        fault_grade: severe
    """


@found_on_the_way(
    "REC206",
    "no-schema",
    message="the record does not say what it is: `schema` is missing",
    hint="add `schema: {due}` as the first line",
)
def no_schema() -> None:
    """A file in a kind's folder without `schema:`.

    Why: the schema names kind and version of the form, so that forms can grow and old files stay readable.

    Example:
        id: INC-20260312-7F3K

    Instead:
        schema: incident/1
        id: INC-20260312-7F3K
    """


@found_on_the_way(
    "REC207",
    "unknown-schema",
    message="`schema` is `{schema}`, which names no kind",
    hint="did you mean `{near}`? | `servicebook schema` lists the kinds",
)
def unknown_schema() -> None:
    """A schema that no kind has.

    Why: without its kind a record cannot be checked.

    Example:
        schema: incidnet/1

    Instead:
        schema: incident/1
    """


@found_on_the_way(
    "REC208",
    "wrong-folder",
    message="`{schema}` lies outside its folder `{folder}/`",
    hint="git mv it below {folder}/",
)
def wrong_folder() -> None:
    """A record that lies in another kind's folder, or in none.

    Why: people and tools find a record by its id alone, because the folder follows from the kind.

    Example:
        kb/articles/live-streaming.md with `schema: service/1`

    Instead:
        kb/services/live-streaming.md
    """


@found_on_the_way(
    "REC209",
    "undeclared-custom-field",
    message="`custom.{field}` is not declared in the settings",
    hint='declare it: `custom = {{ {field} = "text" }}` under [tool.servicebook] | did you mean `{near}`?',
)
def undeclared_custom() -> None:
    """A field under `custom:` that the desk's settings do not declare.

    Why: own fields are welcome, misspelt ones are not; a declaration tells them apart.

    Example:
        custom: {cost_centre: 4711}

    Instead:
        custom: {cost_center: "4711"}   # with cost_center = "text" under [tool.servicebook] custom
    """


@found_on_the_way(
    "REC350",
    "undeclared-stage",
    message="the stage `{stage}` is not declared in the settings",
    hint='declare it: `stages = {{ {stage} = "in_progress" }}` under [tool.servicebook] | did you mean `{near}`?',
)
def undeclared_stage() -> None:
    """A stage of a ticket that the desk's settings do not declare.

    Why: a desk has states of its own between ours; clocks and rules know them by the state that they are stages of.

    Example:
        stage: in_the_lab

    Instead:
        stage: in_the_lab   # with in_the_lab = "in_progress" under [tool.servicebook.stages]
    """


@found_on_the_way(
    "REC351",
    "stage-of-another-state",
    message="`{stage}` is a stage of `{state}`; the ticket is `{status}`",
    hint="take `stage` out | a step such as `servicebook pause {id}` brings it to `{state}`",
)
def stage_of_another_state() -> None:
    """A ticket in a stage that belongs to another state.

    Why: the state decides which clocks run. A ticket that is worked on and says that it waits contradicts itself.

    Example:
        status: in_progress
        stage: with_the_maker   # a stage of on_hold

    Instead:
        status: on_hold
        stage: with_the_maker
    """


RULES: tuple[Rule, ...] = (
    unknown_field,
    missing_field,
    wrong_value,
    naive_instant,
    unknown_value,
    no_schema,
    unknown_schema,
    wrong_folder,
    undeclared_custom,
    undeclared_stage,
    stage_of_another_state,
)
