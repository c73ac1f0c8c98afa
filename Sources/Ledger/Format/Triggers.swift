extension Schema {
  /// Triggers stop accidents. INSERT is checked too, because `INSERT OR REPLACE` overwrites a row without running the DELETE
  /// trigger if the connection has not set `recursive_triggers`.
  static let triggers = [
    "CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",
    """
    CREATE TRIGGER event_insert BEFORE INSERT ON event BEGIN
      SELECT RAISE(ABORT, 'seq has a gap') WHERE NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event);
      SELECT RAISE(ABORT, 'a ledger begins with its genesis') WHERE (NEW.seq = 1) IS NOT (NEW.type = 'genesis');
      SELECT RAISE(ABORT, 'unknown type of event') WHERE NEW.type NOT IN
        ('genesis', 'started', 'step', 'image', 'finished', 'purged', 'anchored', 'migrated');
    END
    """,
    """
    CREATE TRIGGER started_insert BEFORE INSERT ON event WHEN NEW.type = 'started' BEGIN
      SELECT RAISE(ABORT, 'deployment numbers have a gap') WHERE NEW.deployment IS NOT
        (SELECT coalesce(max(deployment), 0) + 1 FROM event INDEXED BY started_deployment WHERE type = 'started');
      SELECT RAISE(ABORT, 'this uuid is in the ledger') WHERE NEW.uuid IS NULL OR EXISTS
        (SELECT 1 FROM event INDEXED BY started_at_time WHERE type = 'started' AND at = NEW.at AND uuid = NEW.uuid);
    END
    """,
    """
    CREATE TRIGGER detail_insert BEFORE INSERT ON event WHEN NEW.type IN ('step', 'image', 'finished') BEGIN
      SELECT RAISE(ABORT, 'this deployment is not in flight') WHERE NOT EXISTS
        (SELECT 1 FROM in_flight WHERE deployment = NEW.deployment);
      SELECT RAISE(ABORT, 'this deployment has finished') WHERE EXISTS
        (SELECT 1 FROM event INDEXED BY finished_deployment WHERE type = 'finished' AND deployment = NEW.deployment);
    END
    """,
    """
    CREATE TRIGGER purged_insert BEFORE INSERT ON event WHEN NEW.type = 'purged' BEGIN
      SELECT RAISE(ABORT, 'there is no such text') WHERE NOT EXISTS (SELECT 1 FROM output WHERE seq = NEW.subject);
      SELECT RAISE(ABORT, 'this text was purged') WHERE EXISTS
        (SELECT 1 FROM event INDEXED BY purged_subject WHERE type = 'purged' AND subject = NEW.subject);
    END
    """,
    """
    CREATE TRIGGER started_after AFTER INSERT ON event WHEN NEW.type = 'started' BEGIN
      INSERT INTO in_flight VALUES (NEW.deployment);
    END
    """,
    """
    CREATE TRIGGER finished_after AFTER INSERT ON event WHEN NEW.type = 'finished' BEGIN
      DELETE FROM in_flight WHERE deployment = NEW.deployment;
    END
    """,
    "CREATE TRIGGER output_update BEFORE UPDATE ON output BEGIN SELECT RAISE(ABORT, 'texts are never changed'); END",
    """
    CREATE TRIGGER output_insert BEFORE INSERT ON output BEGIN
      SELECT RAISE(ABORT, 'a text belongs to the newest step') WHERE NOT EXISTS
        (SELECT 1 FROM event WHERE seq = NEW.seq AND type = 'step' AND output_digest IS NOT NULL
          AND seq = (SELECT max(seq) FROM event));
      SELECT RAISE(ABORT, 'this step has its text') WHERE EXISTS (SELECT 1 FROM output WHERE seq = NEW.seq);
    END
    """,
    """
    CREATE TRIGGER output_delete BEFORE DELETE ON output BEGIN
      SELECT RAISE(ABORT, 'a text is removed by purging it') WHERE NOT EXISTS
        (SELECT 1 FROM event INDEXED BY purged_subject WHERE type = 'purged' AND subject = OLD.seq);
    END
    """,
  ]
}
