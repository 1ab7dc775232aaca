"""The outbox, the ledger with its tree, what subscribers still wait for, and the touches.

What stays for ever (LedgerRow, Checkpoint, Tree) has no column in which a person could stand: a number, a class, a
day, a commitment. What names a thing or a member of staff (OutboxRow, Opening, Pending) can be deleted, and is.
"""

from __future__ import annotations

from django.db import models


class OutboxRow(models.Model):
    """One event, written in the action's own transaction, waiting for the sequencer, which deletes it."""

    event = models.CharField(max_length=100)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=200)
    by = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField(auto_now_add=True)


class LedgerRow(models.Model):
    """One leaf of the tree. seq counts from 0 without gap; day is in UTC; commitment is 32 bytes. Never changed."""

    seq = models.BigIntegerField(primary_key=True)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=32)
    day = models.DateField()
    commitment = models.BinaryField(max_length=32)


class Opening(models.Model):
    """What a commitment hides: its salt and the event in canonical form. Deleted, the ledger row says nothing more.

    No foreign key to the row: erasing must never depend on, or lock, what stays for ever.
    """

    seq = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=32)
    event = models.TextField()


class Tree(models.Model):
    """The right edge of the Merkle tree over all rows. One row only, with key 1."""

    size = models.BigIntegerField()
    frontier = models.BinaryField()


class Checkpoint(models.Model):
    """The tree at one size, signed (C2SP tlog-checkpoint). frontier lets the next signing start here."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    frontier = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True)


class Pending(models.Model):
    """A numbered event that some subscriber has not had yet: a reference, deleted when all have it."""

    seq = models.BigIntegerField(primary_key=True)
    event = models.CharField(max_length=100)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField()


class Delivery(models.Model):
    """How far one subscriber is. seq: the last event it had, -1 before the first."""

    subscriber = models.CharField(max_length=100, primary_key=True)
    seq = models.BigIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)


class Parked(models.Model):
    """An event that a subscriber could not take. error is the exception's class only: its text may name a person."""

    subscriber = models.CharField(max_length=100)
    seq = models.BigIntegerField()
    error = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "seq"], name="parked_once")]


class Touch(models.Model):
    """A key that changed: published files that depend on it are stale. Pruned after a week."""

    key = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
