import Deployer
import Ledger

/// One target in the JSON of `status`.
struct StatusRecord: Encodable {
  let target, host, verdict: String
  let error: Nullable<String>
  let caveats: [String]
  let services: [ServiceJSON]

  struct ServiceJSON: Encodable {
    let service, verdict: String
    let commitsAhead: Nullable<Int>
    let expected: Nullable<ExpectedJSON>
    let running: Nullable<RunningJSON>
  }

  struct ExpectedJSON: Encodable {
    let tag, digest: Nullable<String>
    let deployment: Int64
  }

  struct RunningJSON: Encodable {
    let tag, digest: Nullable<String>
    let state: String
    let health, since: Nullable<String>
    let missingSecrets: [String]
  }

  init(_ status: TargetStatus) {
    target = status.target.name.value
    host = status.target.host.value
    verdict = status.verdict.rawValue
    error = Nullable(
      status.error.map { error in error.nextStep.map { "\(error.what); next: \($0)" } ?? error.what })
    caveats = status.caveats
    services = status.services.map(ServiceJSON.init)
  }
}

extension StatusRecord.ServiceJSON {
  init(_ status: ServiceStatus) {
    service = status.service
    verdict = status.verdict.rawValue
    commitsAhead = Nullable(status.commitsAhead)
    expected = Nullable(
      status.expected.map {
        .init(tag: Nullable($0.tag), digest: Nullable($0.image.digest), deployment: $0.deployment.id)
      })
    running = Nullable(
      status.running.map {
        .init(
          tag: Nullable($0.tag), digest: Nullable($0.digest), state: $0.state, health: Nullable($0.health),
          since: Nullable($0.since?.rfc3339), missingSecrets: $0.missingSecrets)
      })
  }
}
