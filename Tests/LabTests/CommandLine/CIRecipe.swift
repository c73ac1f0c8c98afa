import Platform
import TestSupport
import Testing

@testable import Deployer

/// A CI system whose recipe is in docs/ci, and what its runner does before it carries the recipe out.
enum CIRecipe: String, CaseIterable {
  case github, gitlab, shell

  static let directory = "\(Lab.checkout)/docs/ci"

  /// What the runner tells a job.
  var environment: [String: String] {
    switch self {
    case .github: ["CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ana"]
    case .gitlab: ["CI": "true", "GITLAB_CI": "true", "GITLAB_USER_LOGIN": "ana"]
    case .shell: ["KTRDR_OPERATOR": "ana"]
    }
  }

  /// How the runner makes a checkout of a commit in an empty directory. `origin` is a directory.
  func checkout(of sha: String, from origin: String) -> String {
    switch self {
    case .github:  // as actions/checkout does
      """
      git init -q . && git remote add origin file://\(origin)
      git fetch -q --no-tags --prune --depth=1 origin +\(sha):refs/remotes/origin/main
      git checkout -q --force -B main refs/remotes/origin/main
      """
    case .gitlab:  // as its runner does, for a pipeline whose ref GitLab makes
      """
      git -C \(origin) update-ref refs/pipelines/17 \(sha)
      git init -q . && git remote add origin file://\(origin)
      git fetch -q --depth 20 origin +refs/pipelines/17:refs/pipelines/17 +refs/heads/main:refs/remotes/origin/main
      git checkout -q -f \(sha)
      """
    case .shell: "git clone -q \(origin) . && git reset -q --hard \(sha)"
    }
  }

  /// What the recipe's file runs, with the shell that the runner takes for it.
  func command() throws -> [String] {
    switch self {
    case .github: ["bash", "-e", "-c"] + [try lines("jobs", "deploy", "steps", key: "run")]
    case .gitlab: ["bash", "-e", "-o", "pipefail", "-c"] + [try lines("deploy", "script", key: nil)]
    case .shell: ["sh", "-c", "sh docs/ci/deploy.sh core"]
    }
  }

  /// The texts of a list in the recipe's file, or those of a key in each mapping of it.
  private func lines(_ path: String..., key: String?) throws -> String {
    let text = String(decoding: try Data(contentsOf: URL(filePath: "\(Self.directory)/\(rawValue).yml")), as: UTF8.self)
    var node = try #require(YAMLComposer.compose(text).document)
    for name in path { node = try #require(node[name], "\(rawValue).yml has no \(name)") }
    guard case .list(let elements) = node.content else { throw NotAList() }
    let values = if let key { elements.compactMap { $0[key] } } else { elements }
    return try #require(values.isEmpty ? nil : values.compactMap(\.scalar).joined(separator: "\n"))
  }

  private struct NotAList: Error {}
}

extension YAMLNode {
  fileprivate subscript(_ key: String) -> YAMLNode? {
    guard case .mapping(let pairs) = content else { return nil }
    return pairs.first { $0.key.scalar == key }?.value
  }

  fileprivate var scalar: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }
}
