"""What a person record holds: who works here or with us, in which roles and teams, with which skills."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from servicebook.records.record import (
    ASKED,
    DERIVED,
    Block,
    Day,
    GroupRef,
    Instant,
    Line,
    PersonRef,
    Record,
    SiteRef,
    Word,
)


class Role(Block):
    """A role, and when it is held."""

    role: Word = Field(description="The role, such as problem_manager")
    from_: Day | None = Field(None, alias="from", description="The first day of the role")
    to: Day | None = Field(None, description="The last day of the role")


class Skill(Block):
    """A skill, how well it is mastered, and when that was proven."""

    skill: Line = Field(description="What is mastered")
    level: Literal["basic", "independent", "expert"] | None = Field(None, description="How well it is mastered")
    verified_on: Day | None = Field(None, description="When it was last proven")


class Certificate(Block):
    """A paper that proves a skill."""

    name: Line = Field(description="What the paper is called")
    number: Line | None = Field(None, description="The number on the paper")
    expires_on: Day | None = Field(None, description="The last day it holds")


Account = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]


class Accounts(Block):
    """What the person is called on forges: reviews there are told to be theirs by it."""

    github: Account | None = Field(None, description="The person's account on GitHub")
    gitlab: Account | None = Field(None, description="The person's account on GitLab")
    gitea: Account | None = Field(None, description="The person's account on Gitea")
    forgejo: Account | None = Field(None, description="The person's account on Forgejo")


class HeldKey(Block):
    """A public key that the person signs with, and from when to when it may."""

    public_key: Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\r\n]*$")] = Field(
        description="The public key as in its .pub file: kind, base64, comment"
    )
    valid_from: Instant | None = Field(None, description="From when on the key may sign")
    valid_until: Instant | None = Field(
        None, description="From when on the key may sign no more; what landed before stands"
    )
    revoked_at: Instant | None = Field(None, description="When the key was withdrawn; what landed before stands")
    compromised_since: Instant | None = Field(
        None, description="From when on somebody else may have the private half; what landed since is void"
    )
    purpose: list[Literal["votes", "git", "attestations"]] = Field(
        default_factory=list, description="What the key may sign; votes and Git's commits and pushes unless said"
    )
    comment: Line | None = Field(None, description="Which key it is, such as the laptop's")
    reason: Line | None = Field(None, description="Why the key was withdrawn or given up")


class Person(Record):
    """Somebody who works here or with us: roles, teams, skills."""

    status: Literal["active", "retired"] | None = Field(None, description="Where the record stands in its life")
    name: Line | None = Field(None, description="The person's name", json_schema_extra=ASKED)
    name_zh: Line | None = Field(None, description="The person's name in Chinese")
    emails: list[Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]] = Field(
        default_factory=list, description="The addresses the person commits with"
    )
    employer: Line | None = Field(
        None,
        description="For whom the person works: provider for our own people, else in words",
        json_schema_extra=ASKED,
    )
    roles: list[Role] = Field(default_factory=list, description="The person's roles", json_schema_extra=ASKED)
    teams: list[GroupRef] = Field(default_factory=list, description="The person's teams", json_schema_extra=ASKED)
    skills: list[Skill] = Field(default_factory=list, description="What the person masters")
    languages: list[Line] = Field(default_factory=list, description="Languages the person speaks")
    base_site: SiteRef | None = Field(None, description="Where the person starts from")
    certificates: list[Certificate] = Field(default_factory=list, description="Papers that prove skills")
    safety_trained_on: Day | None = Field(None, description="When safety training was last taken")
    accounts: Accounts | None = Field(None, description="What the person is called on forges, such as GitHub")
    signing_keys: list[HeldKey] = Field(default_factory=list, description="Public keys the person signs with")
    deputy: PersonRef | None = Field(None, description="Who stands in")
    manager: PersonRef | None = Field(None, description="Whom the person reports to")
    active: bool | None = Field(None, description="Whether the person works here now", json_schema_extra=DERIVED)
    contact_ref: Line | None = Field(None, description="Where telephone numbers are kept, outside Git")
