import Ledger

/// One deployment in the JSON of `history` and `show`.
struct DeploymentRecord: Encodable {
  let id: Int64
  let uuid: String
  let batch: Nullable<String>
  let kind, target, host: String
  let services, profiles: [String]
  let tag, gitSha: Nullable<String>
  let gitDirty: Nullable<Bool>
  let `operator`, client, startedAt: String
  let finishedAt: Nullable<String>
  let durationMs: Nullable<Int64>
  let outcome, reason: Nullable<String>
  let undoes: Nullable<Int64>
  var steps: [StepJSON]?
  var images: [ImageJSON]?

  init(_ deployment: Deployment) {
    let start = deployment.start
    id = deployment.id
    uuid = deployment.uuid
    batch = Nullable(start.batch)
    kind = start.kind.rawValue
    target = start.target
    host = start.host
    services = start.services
    profiles = start.profiles
    tag = Nullable(start.tag)
    gitSha = Nullable(start.gitSHA)
    gitDirty = Nullable(start.gitDirty)
    self.operator = start.operator
    client = start.client
    startedAt = deployment.startedAt.rfc3339
    finishedAt = Nullable(deployment.finishedAt?.rfc3339)
    durationMs = Nullable(deployment.durationMS)
    outcome = Nullable(deployment.outcome?.rawValue)
    reason = Nullable(deployment.reason)
    undoes = Nullable(start.undoes)
  }

  init(_ deployment: Deployment, steps: [StepRecord], images: [ImageRecord]) {
    self.init(deployment)
    self.steps = steps.map(StepJSON.init)
    self.images = images.map(ImageJSON.init)
  }
}

struct StepJSON: Encodable {
  let name, startedAt: String
  let durationMs: Int64
  let exitStatus: Nullable<Int32>
  let outcome: String
  let output: Nullable<String>

  init(_ step: StepRecord) {
    name = step.name
    startedAt = step.startedAt.rfc3339
    durationMs = step.durationMS
    exitStatus = Nullable(step.exitStatus)
    outcome = step.outcome.rawValue
    output = Nullable(step.output)
  }
}

struct ImageJSON: Encodable {
  struct Identity: Encodable {
    let reference, id: String
    let digest: Nullable<String>

    init(_ image: ImageIdentity) {
      reference = image.reference
      id = image.id
      digest = Nullable(image.digest)
    }
  }

  let service: String
  let before, after: Nullable<Identity>

  init(_ image: ImageRecord) {
    service = image.service
    before = Nullable(image.before.map(Identity.init))
    after = Nullable(image.after.map(Identity.init))
  }
}
