#!/usr/bin/env python3
"""Puts faults that deployers have had back into this one, one at a time, and shows that random histories find each of them.

usage: Tests/Model/mutants.py [WORD...]     only the faults that have one of the words; about a minute each
       Tests/Model/mutants.py --places      only look whether the source has the place of each

The source is copied first. A fault that is not found, or whose place in the source is gone, is an error.
"""
import os, re, shutil, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COPY = ROOT / ".build-mutants"
ROLLBACK = "Sources/Deployer/Planning/Rollback/"
EXECUTION = "Sources/Deployer/Execution/"
STATUS = "Sources/Deployer/Status/"

# What is wrong, the file, what it says, and what it says then.
FAULTS = [
    ("a rollback leaves what the change brought", ROLLBACK + "Planner/RollbackPlanner+TakingBack.swift",
     "return .goes(.removal(of: service, because: since + need))", "return .isLeftAlone(since + need)"),
    ("an automatic rollback leaves what is new", EXECUTION + "BegunDeployment+Recovery.swift",
     "        removed.append(name)\n", "        removed = []\n"),
    ("what a scale-down took away is no change", ROLLBACK + "RollbackRecords.swift",
     "guard !deployment.isEndSeen else { return image.isChange }",
     "guard !deployment.isEndSeen else { return image.isChange && image.after != nil }"),
    ("an interrupted deployment does not count", ROLLBACK + "RollbackRecords.swift",
     "      guard try await reachedHost(deployment) else { return nil }\n      guard !images",
     "      if deployment.id > 0 { return nil }\n      guard !images"),
    ("what ran before ktrdr is forgotten", ROLLBACK + "LastGood.swift",
     "guard good.hasFirst, observed.id", "guard good.hasFirst, history.isEmpty, observed.id"),
    ("a rollback to a deployment that left nothing", ROLLBACK + "Planner/RollbackPlanner+Ways.swift",
     "    if let reason = try await leftNothing(deployment) { throw .nothingToRollBackTo([reason], nextStep: list) }\n", ""),
    ("the recorded tag is that of the deployment that is left", ROLLBACK + "Planner/RollbackPlanner.swift",
     "guard let tag = best?.tag ?? (current ?? tagOfChange)", "guard let tag = (tagOfChange ?? best?.tag?.value ?? current)"),
    ("undoes is always the newest change", ROLLBACK + "Planner/RollbackPlanner+Undoes.swift",
     "    var left: Deployment?\n", "    if let newest { return newest.deployment }\n    var left: Deployment?\n"),
    ("a batch is taken back although something came after it", ROLLBACK + "Planner/RollbackPlanner.swift",
     "    guard newest == undoing else {\n      throw .nothingToRollBackTo(\n        [\"\\(name) was",
     "    guard newest >= undoing else {\n      throw .nothingToRollBackTo(\n        [\"\\(name) was"),
    ("a version that was chosen by hand is not good again", ROLLBACK + "GoodStates.swift",
     "guard let before = rollback.before?.id, everGood[image] == nil else", "guard let before = rollback.before?.id else"),
    ("a rollback goes to a version that one has left", ROLLBACK + "GoodStates.swift",
     "leave(above: height(of: past), by: .rollback(id))",
     "_ = height(of: past)"),
    ("what a rollback did that did not succeed is forgotten", ROLLBACK + "GoodStates.swift",
     "      look(at: past.before?.id)\n", ""),
    ("what runs where it would go is not recorded", ROLLBACK + "Planner/RollbackPlanner+Needed.swift",
     " else { kept.alreadyThere.append(way) }", ""),
    ("status does not see a crash loop", "Sources/Deployer/Host/Observation/Observation+CrashLoop.swift",
     "return uptime < Self.longestBackoff", "return uptime < .zero"),
    ("a deployment that changed nothing is rolled back", ROLLBACK + "Planner/RollbackPlanner.swift",
     "      try await refuseAfterNothing(change, leftDown: !down.isEmpty)\n", ""),
    ("what need not restart does", ROLLBACK + "Planner/RollbackPlanner+Needed.swift",
     "running.isAsItShouldBe(service, on: image, in: project) {", "running.isAsItShouldBe(service, on: image, in: project), image.id.isEmpty {"),
    ("'all' goes back one service at most", ROLLBACK + "Planner/RollbackPlanner+Ways.swift",
     "request.coverage == .all ? try await recordedAndThere()", "request.coverage == .all ? Array(try await recordedAndThere().suffix(1))"),
    ("edited files are not thought of", ROLLBACK + "Planner/RollbackPlanner.swift", "    try await refuseForFiles(newest)\n", ""),
    ("what a failure stopped stays down", ROLLBACK + "Planner/RollbackPlanner+TakingBack.swift",
     "    found.fill(stopped(by: change))\n", ""),
    ("a service that was chosen to be away does not come back", ROLLBACK + "GoodStates.swift",
     "if image == nil, isWithoutItAgain(rollback.deployment.start.tag) { return stack.count }", '_ = isWithoutItAgain("")'),
    ("what is unhealthy where it would go is left alone", ROLLBACK + "Planner/RollbackPlanner+Needed.swift",
     ' && isUp(container)\n', '\n'),
    ("status names a rollback that leads elsewhere", STATUS + "RollbackOutlook.swift",
     "guard !isPartial, !(images.isEmpty && removed.isEmpty) else { return false }\n", "if !isPartial { return true }\n"),
    ("a service that was renamed is removed", ROLLBACK + "LostServices.swift",
     "      found.append(Lost(service: service, image: image, isInFiles: isInFiles(service)))",
     "      if isInFiles(service) { found.append(Lost(service: service, image: image, isInFiles: true)) }"),
    ("what has its old name again does not come back", ROLLBACK + "Planner/RollbackPlanner+TakingBack.swift",
     "      places.filter(\\.isInFiles).compactMap", "      places.filter { $0.isInFiles && $0.service.isEmpty }.compactMap"),
    ("a removed container comes back on the bad version", ROLLBACK + "Planner/RollbackPlanner+TakingBack.swift",
     "lastGood(service, leaving: change)", "lastGood(service, leaving: nil)"),
    ("another ledger's deployment is not thought of", "Sources/Deployer/Planning/Preparer.swift",
     ".isOfAnother(checked.check) {", ".isOfAnother(checked.check), name.value.isEmpty {"),
    ("an automatic rollback does not look at what stays", EXECUTION + "BegunDeployment+Recovery.swift",
     "    back.plan.staying = staying\n", ""),
    ("what cannot be restored is not told", EXECUTION + "HostRun.swift",
     "    return end.adding(plan.unrestored + (try await illThoughUnchanged()))", "    return end"),
    ("an attempt and its retry are two changes", ROLLBACK + "ChangeSearch.swift",
     "guard !attempts.isEmpty, let whole", "guard attempts.count > 99, let whole"),
    ("a failure of other services is forgotten after a rollback", ROLLBACK + "ChangeSearch.swift",
     "if let attempt = states.attempt(beside: running.image(of: service)), try",
     "if let attempt = states.attempt(beside: running.image(of: service)), attempt.id < 0, try"),
    ("a rollback is ended somewhere else than where it was going", ROLLBACK + "Planner/RollbackPlanner+Ending.swift",
     "there.image.id != usual?.image.id { return good }", "there.image.id != usual?.image.id { return [:] }"),
    ("what a rollback was to leave is started again", ROLLBACK + "RollbackRecords.swift",
     "return source >= undone", "return source < 0 && undone < 0"),
    ("what was left down goes back a version", ROLLBACK + "Planner/RollbackPlanner+LeftDown.swift",
     "if !found.isEmpty { return found }", "_ = found"),
    ("a named service that was left down goes back a version", ROLLBACK + "Planner/RollbackPlanner+LeftDown.swift",
     "guard request.coverage != .all else", "guard service.value.isEmpty else"),
    ("what is gone already is not recorded", ROLLBACK + "Planner/RollbackPlanner+Needed.swift",
     "guard expected[service] != nil else { continue }", "guard expected[service] == nil else { continue }"),
    ("a rollback that went forward counts as one that went back", ROLLBACK + "ChangeSearch.swift",
     "return try await records.wasGoingBack(deployment, running)", "return true"),
    ("the last service that the file has is removed", ROLLBACK + "Planner/RollbackPlanner+Ways.swift",
     "&& project.map { $0.service(container.service) != nil } ?? true", ""),
    ("named services that run well go back beside one that is started", ROLLBACK + "Planner/RollbackPlanner+Ways.swift",
     "      if down.well.contains(service) { continue }\n", ""),
    ("an automatic rollback starts what has never run", EXECUTION + "BegunDeployment+Recovery.swift",
     "past.deployment.outcome != .succeeded, past.before", "past.deployment.outcome == .succeeded, past.before"),
    ("an automatic rollback removes what was renamed", EXECUTION + "BegunDeployment+Recovery.swift",
     "guard !brought.isEmpty else { return [] }", "guard brought.isEmpty else { return [] }"),
    ("an automatic rollback leaves what was only stopped", EXECUTION + "BegunDeployment+Recovery.swift",
     "stopped.removeAll { !before.wasStopped($0.service.value, by: after) }", "stopped.removeAll()"),
    ("what keeps its image keeps the tag that is left", ROLLBACK + "Planner/RollbackPlanner+TakingBack.swift",
     "    found.fill(following)\n", ""),
    ("'all' leaves the tag of what keeps its image", ROLLBACK + "Planner/RollbackPlanner+Ways.swift",
     "          following.append(way)\n        } else {", "          if request.coverage != .all { following.append(way) }\n        } else {"),
    ("all services get one tag", "Sources/Deployer/Planning/Plan/Plan+Up.swift",
     "guard groups.count > 1 else", "guard groups.count > 99 else"),
    ("an automatic rollback leaves the tag of what keeps its image", EXECUTION + "BegunDeployment+Recovery.swift",
     "?.hasTagBesides == true, !before", "?.hasTagBesides == false, !before"),
    ("a rollback of several tags records one", EXECUTION + "BegunDeployment.swift",
     "end.telling(ServiceTags(plan).text(plan.target.tagVariable))", "end"),
    ("a tag that a rollback has left counts", ROLLBACK + "RollbackRecords+Variable.swift",
     "return past.first { $0.deployment.id == source }?", "return past.first { $0.deployment.id < id && source != 0 }?"),
    ("a lost connection is a success although 'up' did not come to all", EXECUTION + "Reconciliation.swift",
     "return found.map {", "return found.prefix(0).map {"),
    ("what ran before is not recorded before the change", EXECUTION + "HostRun.swift",
     "services: Set(plan.affected + seen).sorted())", "services: seen.filter(\\.isEmpty))"),
]


def check_places():
    """A fault whose place is gone would be missed by whoever does not run them all."""
    for _, file, right, _ in FAULTS:
        path = ROOT / file
        if not path.exists() or path.read_text().count(right) != 1:
            sys.exit(f"mutants: {file} does not have once: {right.strip()}")


def build():
    """Returns what the compiler does not like, which is nothing for a fault that is well put."""
    command = ["swift", "build", "-c", "release", "--product", "model-check", "-Xswiftc", "-enable-testing"]
    built = subprocess.run(command, cwd=COPY, capture_output=True, text=True)
    return "\n".join(re.findall(r".* error: .*", built.stdout)[:3]) or "swift build" if built.returncode else None


def histories():
    environment = dict(os.environ, MODEL_SEED=os.environ.get("MODEL_SEED", "1"))
    return subprocess.run([COPY / ".build/release/model-check"], env=environment, capture_output=True, text=True)


def copy_source():
    COPY.mkdir(exist_ok=True)
    for path in (COPY / name for name in ("Sources", "Tests", "benchmarks")):
        shutil.rmtree(path, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        (COPY / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, COPY / name)


def main(words):
    check_places()
    if words == ["--places"]:
        return
    copy_source()
    missed = []
    for what, file, right, wrong in FAULTS:
        if words and not any(word in what for word in words):
            continue
        path = COPY / file
        text = path.read_text()
        path.write_text(text.replace(right, wrong))
        complaint = build()
        answer = None if complaint else histories()
        path.write_text(text)
        if not answer:
            missed.append(what)
            print(f"not built   {what}: {complaint}", flush=True)
            continue
        done = re.search(r"model: (\d+) operations", answer.stdout)
        found = re.search(r"MODEL_SEED=(\d+): (.*)", answer.stdout)
        if not (answer.returncode == 1 and done and found):
            missed.append(what)
            print(f"not found   {what}", flush=True)
            continue
        length = len(re.findall(r"^  \d+\. ", answer.stdout, re.MULTILINE))
        print(f"after {done[1]:>6} operations   {what}: {found[2]}, in {length} steps, MODEL_SEED={found[1]}", flush=True)
    if missed:
        sys.exit(f"mutants: {len(missed)} not built or not found")


main(sys.argv[1:])
