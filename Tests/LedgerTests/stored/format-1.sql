-- A ledger of format 1 as released: `sqlite3 ledger.db .dump`, with the numbers of its header.
PRAGMA application_id=1802793572;
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL, deployment INTEGER, uuid TEXT, batch TEXT,
  kind TEXT, target TEXT, host TEXT, directory TEXT, services TEXT, profiles TEXT, tag TEXT, git_sha TEXT,
  git_dirty INTEGER, operator TEXT, client TEXT, undoes INTEGER, secret_versions TEXT, registry TEXT, name TEXT,
  started_at INTEGER, duration_ms INTEGER, exit_status INTEGER, outcome TEXT, output_digest BLOB, service TEXT,
  before_reference TEXT, before_id TEXT, before_digest TEXT, after_reference TEXT, after_id TEXT,
  after_digest TEXT, reason TEXT, compose_digest TEXT, subject INTEGER, anchor_hash BLOB, format INTEGER,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO event VALUES(1,'genesis',1700000000000,NULL,'584e7a75-2b26-4643-827f-162322257502',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,X'890e413d16502cb883c0780cb28c4b67de3aeef5f29354d26245b5be56876311');
INSERT INTO event VALUES(2,'started',1700000060000,1,'9e10d864-c0c8-4d3a-8bb6-b43409350efa','batch-1','deploy','core','backend.ktrdr.home.mynerd.place','/opt/ktrdr-core','backend,db','scale-2','sha-a1b2c3d','a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4',0,'ada@example.org','ktrdr 1.0',NULL,'ktrdr-homelab-core@7','ghcr.io',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'279226eeb8521a8ba6efd2ce2ae3e5f31e96a7951eeef9c192ba4595951ce6b7');
INSERT INTO event VALUES(3,'step',1700000060000,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pull',1795561846250,12,0,'succeeded',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'0695df6f9889048c42845c4a6bb6dd7df7f584f2b1304baac136ce38f63eba0d');
INSERT INTO event VALUES(4,'image',1700000060000,1,NULL,NULL,NULL,'core',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'backend',NULL,NULL,NULL,'repo:sha-a1b2c3d','sha256:sha-a1b2c3d',NULL,NULL,NULL,NULL,NULL,NULL,X'710dd8f4a034c20e94b5b06d869508a70ebc26136039f8f58204a2a5de57bfdf');
INSERT INTO event VALUES(5,'image',1700000060000,1,NULL,NULL,NULL,'core',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'db',NULL,NULL,NULL,'repo:sha-a1b2c3d','sha256:sha-a1b2c3d',NULL,NULL,NULL,NULL,NULL,NULL,X'dcd303ad66b6fcd23e94d375dd4cc5d35d0c8e7ec4b5ee25c9b43a6f4436622f');
INSERT INTO event VALUES(6,'finished',1700000060000,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1000,NULL,'succeeded',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'acb5a117728fdaa973cfe26399221a794c14d0c1da5ee77d71c2457447b5fefc');
INSERT INTO event VALUES(7,'anchored',1700000060000,1,NULL,NULL,NULL,'core',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,6,X'acb5a117728fdaa973cfe26399221a794c14d0c1da5ee77d71c2457447b5fefc',NULL,X'f62cdea07482555d113c9e22b441c87c42a3989fb035c8c5e9851a50324d2a68');
INSERT INTO event VALUES(8,'started',1700000120000,2,'f4f29e05-0cee-4390-9c87-fd5547d9121d',NULL,'rollback','core','backend.ktrdr.home.mynerd.place',NULL,'backend','','sha-2222222',NULL,NULL,'grace','ktrdr 1.0',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'0409377b78fffc984ee6fc5899edbd19a65bef6e5e7658100d11df4efdd86781');
INSERT INTO event VALUES(9,'step',1700000120000,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pull',1700000120000,12,0,'succeeded',X'726f3901692d2b6aea2013b1cd2d6066a2de3e6f0a30020c3df06b44e0bad7c6',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'd1edc3a5498ad5f60e0590d05acb275c3a4914ced8e1b36aafabbf02bfc4f88f');
INSERT INTO event VALUES(10,'step',1700000120000,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'pull',1700000120000,12,0,'succeeded',X'bdcd41dad3676a0457264f01f7fc10e55dda6eb86c9bdc4940c3ac1b513de519',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'8132bf3b44cef82eea17a5dc68a1752d169c7ed234e18c356cebf6e283d6460a');
INSERT INTO event VALUES(11,'image',1700000120000,2,NULL,NULL,NULL,'core',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'backend','r:1','sha256:1','r@sha256:1','r:1','sha256:1','r@sha256:1',NULL,NULL,NULL,NULL,NULL,X'49b4c3d56d71d86a5cb24da0af53e8702a57f9ebed5f9b655ab8fe945f04db6e');
INSERT INTO event VALUES(12,'finished',1700000120000,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,999,NULL,'failed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'backend is not healthy','cd',NULL,NULL,NULL,X'c3fd8a79bed89b452c41a1b3eecc53f429b1b77155aebe233c7af5b8dbba7dcd');
INSERT INTO event VALUES(13,'purged',1700000120000,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'it held a token',NULL,9,NULL,NULL,X'1b6b78255f3222c0f0de4f952425e443071f540e5e6878e17520fe8862e8687b');
INSERT INTO event VALUES(14,'started',1700000120000,3,'1202e8f5-a1f9-40cb-81ad-378f5199272d',NULL,'deploy','core','backend.ktrdr.home.mynerd.place',NULL,'backend','','sha-a1b2c3d',NULL,NULL,'ada@example.org','ktrdr 1.0',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,X'd891c8a3928550c05ec3995515928e7131705804656eb5b5d586f213ec22e2a6');
CREATE TABLE output (seq INTEGER PRIMARY KEY REFERENCES event, salt BLOB NOT NULL, text TEXT NOT NULL) STRICT;
INSERT INTO output VALUES(10,X'48c2774fcf3effe595059fb9c383d317',replace('pulled\nü','\n',char(10)));
CREATE TABLE in_flight (deployment INTEGER PRIMARY KEY) STRICT;
INSERT INTO in_flight VALUES(3);
CREATE TABLE coverage (
  service TEXT NOT NULL, deployment INTEGER NOT NULL, PRIMARY KEY (service, deployment)
) STRICT, WITHOUT ROWID;
INSERT INTO coverage VALUES('backend',1);
INSERT INTO coverage VALUES('backend',2);
INSERT INTO coverage VALUES('backend',3);
INSERT INTO coverage VALUES('db',1);
CREATE UNIQUE INDEX started_deployment ON event (deployment) WHERE type = 'started';
CREATE UNIQUE INDEX finished_deployment ON event (deployment) WHERE type = 'finished';
CREATE UNIQUE INDEX purged_subject ON event (subject) WHERE type = 'purged';
CREATE INDEX detail_deployment ON event (deployment) WHERE type IN ('step', 'image');
CREATE INDEX started_at_time ON event (at, deployment) WHERE type = 'started';
CREATE INDEX started_target ON event (target, deployment) WHERE type = 'started';
CREATE INDEX started_host ON event (host, deployment) WHERE type = 'started';
CREATE INDEX started_tag ON event (tag, deployment) WHERE type = 'started' AND tag IS NOT NULL;
CREATE INDEX started_operator ON event (operator, deployment) WHERE type = 'started';
CREATE INDEX started_rollback ON event (deployment) WHERE type = 'started' AND kind = 'rollback';
CREATE INDEX started_batch ON event (batch, deployment) WHERE type = 'started' AND batch IS NOT NULL;
CREATE INDEX finished_outcome ON event (outcome, deployment) WHERE type = 'finished' AND outcome <> 'succeeded';
CREATE INDEX image_service ON event (target, service, deployment) WHERE type = 'image';
CREATE VIEW deployment AS
SELECT s.deployment AS id, s.uuid, s.batch, s.kind, s.target, s.host, s.directory, s.services, s.profiles, s.tag,
  s.git_sha, s.git_dirty, s.operator, s.client, s.undoes, s.secret_versions, s.registry,
  strftime('%Y-%m-%dT%H:%M:%fZ', s.at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', f.at / 1000.0, 'unixepoch') AS finished_at,
  f.duration_ms, coalesce(f.outcome, 'running') AS outcome, f.reason, f.compose_digest
FROM event AS s LEFT JOIN event AS f ON f.type = 'finished' AND f.deployment = s.deployment
WHERE s.type = 'started';
CREATE VIEW step AS
SELECT e.deployment, e.seq, e.name, strftime('%Y-%m-%dT%H:%M:%fZ', e.started_at / 1000.0, 'unixepoch') AS started_at,
  e.duration_ms, e.exit_status, e.outcome, o.text AS output
FROM event AS e LEFT JOIN output AS o ON o.seq = e.seq WHERE e.type = 'step';
CREATE VIEW image AS
SELECT deployment, seq, target, service, before_reference, before_id, before_digest, after_reference, after_id,
  after_digest FROM event WHERE type = 'image';
CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_insert BEFORE INSERT ON event BEGIN
  SELECT RAISE(ABORT, 'seq has a gap') WHERE NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event);
  SELECT RAISE(ABORT, 'a ledger begins with its genesis') WHERE (NEW.seq = 1) IS NOT (NEW.type = 'genesis');
  SELECT RAISE(ABORT, 'unknown type of event') WHERE NEW.type NOT IN
    ('genesis', 'started', 'step', 'image', 'finished', 'purged', 'anchored', 'migrated');
END;
CREATE TRIGGER started_insert BEFORE INSERT ON event WHEN NEW.type = 'started' BEGIN
  SELECT RAISE(ABORT, 'deployment numbers have a gap') WHERE NEW.deployment IS NOT
    (SELECT coalesce(max(deployment), 0) + 1 FROM event INDEXED BY started_deployment WHERE type = 'started');
  SELECT RAISE(ABORT, 'this uuid is in the ledger') WHERE NEW.uuid IS NULL OR EXISTS
    (SELECT 1 FROM event INDEXED BY started_at_time WHERE type = 'started' AND at = NEW.at AND uuid = NEW.uuid);
END;
CREATE TRIGGER detail_insert BEFORE INSERT ON event WHEN NEW.type IN ('step', 'image', 'finished') BEGIN
  SELECT RAISE(ABORT, 'this deployment is not in flight') WHERE NOT EXISTS
    (SELECT 1 FROM in_flight WHERE deployment = NEW.deployment);
  SELECT RAISE(ABORT, 'this deployment has finished') WHERE EXISTS
    (SELECT 1 FROM event INDEXED BY finished_deployment WHERE type = 'finished' AND deployment = NEW.deployment);
END;
CREATE TRIGGER purged_insert BEFORE INSERT ON event WHEN NEW.type = 'purged' BEGIN
  SELECT RAISE(ABORT, 'there is no such text') WHERE NOT EXISTS (SELECT 1 FROM output WHERE seq = NEW.subject);
  SELECT RAISE(ABORT, 'this text was purged') WHERE EXISTS
    (SELECT 1 FROM event INDEXED BY purged_subject WHERE type = 'purged' AND subject = NEW.subject);
END;
CREATE TRIGGER started_after AFTER INSERT ON event WHEN NEW.type = 'started' BEGIN
  INSERT INTO in_flight VALUES (NEW.deployment);
END;
CREATE TRIGGER finished_after AFTER INSERT ON event WHEN NEW.type = 'finished' BEGIN
  DELETE FROM in_flight WHERE deployment = NEW.deployment;
END;
CREATE TRIGGER output_update BEFORE UPDATE ON output BEGIN SELECT RAISE(ABORT, 'texts are never changed'); END;
CREATE TRIGGER output_insert BEFORE INSERT ON output BEGIN
  SELECT RAISE(ABORT, 'a text belongs to the newest step') WHERE NOT EXISTS
    (SELECT 1 FROM event WHERE seq = NEW.seq AND type = 'step' AND output_digest IS NOT NULL
      AND seq = (SELECT max(seq) FROM event));
  SELECT RAISE(ABORT, 'this step has its text') WHERE EXISTS (SELECT 1 FROM output WHERE seq = NEW.seq);
END;
CREATE TRIGGER output_delete BEFORE DELETE ON output BEGIN
  SELECT RAISE(ABORT, 'a text is removed by purging it') WHERE NOT EXISTS
    (SELECT 1 FROM event INDEXED BY purged_subject WHERE type = 'purged' AND subject = OLD.seq);
END;
COMMIT;
