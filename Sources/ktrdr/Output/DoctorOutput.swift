import Deployer

/// The text of `doctor`.
enum DoctorText {
  /// `secrets` are the problems with 1Password; `nil` if nothing needs it.
  static func of(_ findings: [Preflight.Finding], _ secrets: [Problem]?) -> String {
    var lines: [String] = []
    // Without its secrets no deployment can be tried.
    let isTried = secrets?.isEmpty ?? true
    for finding in findings {
      let versions = [
        finding.dockerVersion.map { "Docker \($0)" }, finding.composeVersion.map { "Compose \($0)" },
        finding.tag.map { "tag \($0)" },
      ]
      let detail = versions.compactMap(\.self).joined(separator: ", ")
      let unchecked =
        !isTried ? "ok, images not checked" : finding.hasAskedRegistries ? nil : "ok, not all images checked"
      let verdict = finding.problems.isEmpty ? unchecked ?? verdict([]) : verdict(finding.problems)
      lines.append("\(finding.target.name): \(verdict)\(detail.isEmpty ? "" : "  \(detail)")")
      lines += finding.problems.flatMap(\.lines).map { "  \($0)" }
    }
    lines.append("1Password: \(verdict(secrets))")
    return Console.lines(lines + (secrets ?? []).flatMap(\.lines).map { "  \($0)" })
  }

  static func verdict(_ problems: [Problem]?) -> String {
    problems.map { $0.isEmpty ? "ok" : "not ready" } ?? "not used"
  }
}

/// The JSON of `doctor`.
struct DoctorRecord: Encodable {
  let targets: [TargetJSON]
  let onePassword: SecretsJSON

  struct TargetJSON: Encodable {
    let target, host, verdict: String
    let docker, compose, tag: Nullable<String>
    let problems: [ProblemJSON]
  }

  struct SecretsJSON: Encodable {
    let verdict: String
    let problems: [ProblemJSON]
  }

  struct ProblemJSON: Encodable {
    let what: String
    let nextStep: Nullable<String>
  }

  /// `secrets` are the problems with 1Password; `nil` if nothing needs it.
  init(_ findings: [Preflight.Finding], _ secrets: [Problem]?) {
    func list(_ problems: [Problem]) -> [ProblemJSON] {
      problems.map { ProblemJSON(what: $0.what, nextStep: Nullable($0.nextStep)) }
    }
    targets = findings.map { finding in
      TargetJSON(
        target: finding.target.name.value, host: finding.target.host.value,
        verdict: DoctorText.verdict(finding.problems), docker: Nullable(finding.dockerVersion),
        compose: Nullable(finding.composeVersion),
        tag: Nullable(finding.tag?.value), problems: list(finding.problems))
    }
    onePassword = SecretsJSON(verdict: DoctorText.verdict(secrets), problems: list(secrets ?? []))
  }
}
