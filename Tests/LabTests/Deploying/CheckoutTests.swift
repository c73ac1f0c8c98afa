import TestSupport
import Testing

extension LabSuites {
  /// Checkouts as CI makes them.
  @Suite(.serialized) struct CheckoutTests {
    @Test func `a merge that CI made is warned of, with --tag as the way out`() async throws {
      var person = try await Operator()
      let lab = person.lab
      person.directory = try await person.clone()
      let identity = ["-c", "user.name=x", "-c", "user.email=x@y"]
      func git(_ words: String...) async throws {
        let result = try await Programs.run("git", identity + words, environment: lab.environment, in: person.directory)
        try #require(result.status == 0, "\(result.error)")
      }
      try await git("checkout", "-q", "--detach", lab.facts.commits[1])
      let detached = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(detached.status == 0, "\(detached.error)")
      #expect(detached.error.contains("is detached, not on a branch"), "\(detached.error)")
      // As GitHub makes `refs/pull/7/merge`, and its checkout action checks it out.
      try await git("commit", "-q", "--allow-empty", "-m", "change")
      try await git("branch", "-f", "change")
      try await git("checkout", "-q", "--detach", "origin/main")
      try await git("merge", "-q", "--no-ff", "-m", "Merge change into main", "change")
      try await git("update-ref", "refs/remotes/pull/7/merge", "HEAD")
      let merge = try await person.ktrdr("deploy", "core", "backend", "--dry-run")
      #expect(merge.error.contains("is a merge commit that no branch has"), "\(merge.error)")
      #expect(merge.error.contains("choose the version with --tag"), "\(merge.error)")
      #expect(!merge.error.contains("push it first"), "\(merge.error)")
      let chosen = try await person.ktrdr("deploy", "core", "backend", "--dry-run", "--tag", lab.facts.tags_good[0])
      #expect(chosen.status == 0)
      #expect(!chosen.error.contains("HEAD"), "\(chosen.error)")
    }
  }
}
