extension OnePasswordError {
  /// The error as something that stands in the way of a deployment.
  var problem: Problem { Problem(.secrets, what, nextStep: nextStep) }

  /// The problem that `check` meets, as a list; empty if there is none.
  static func problems(
    of check: () async throws(OnePasswordError) -> Void
  ) async -> [Problem] {
    do throws(OnePasswordError) {
      try await check()
      return []
    } catch {
      return [error.problem]
    }
  }
}
