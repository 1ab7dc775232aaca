"""An account, and what is open at the moment. Neither says who somebody is, nor what they have in this house.

What a person keeps lies elsewhere under pseudonyms that only their own key can make (person.py). No row here leads
there, and none there leads here.
"""

from __future__ import annotations

import uuid

from django.db import models

TRIES = 10
"""Wrong PINs until the card opens nothing any more (S011 of the design: ten, then only recovery)."""


class Account(models.Model):
    """One person's account.

    card: what the secret on the card derives to find it. wrapped: the person's key under card and PIN together, empty
    when PINs ran out. recovery, wrapped_for_recovery: the same under the secret that shares make. generation: one more
    closes everything that is open. used: month of the last use, so that what nobody uses can go.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.CharField(max_length=64, unique=True)
    salt = models.BinaryField(max_length=16)
    cost = models.CharField(max_length=40)
    wrapped = models.BinaryField(max_length=100)
    recovery = models.CharField(max_length=64, unique=True)
    wrapped_for_recovery = models.BinaryField(max_length=100)
    tries_left = models.PositiveSmallIntegerField(default=TRIES)
    generation = models.PositiveIntegerField(default=1)
    used = models.CharField(max_length=7)

    def __str__(self) -> str:
        return "account"  # never its id: this stands in logs


class Opened(models.Model):
    """What is open on one device for a while. sealed names the account, and opens with the token the device has."""

    key = models.CharField(primary_key=True, max_length=64)
    sealed = models.BinaryField(max_length=400)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "opened"
