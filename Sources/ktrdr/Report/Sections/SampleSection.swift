import Ledger

/// The deployments that were drawn, each with all that the ledger has of it and a box to tick.
struct SampleSection {
  var sample: ReportedDeployments.Sample
  /// How many deployments it was drawn from.
  var population: Int

  var markup: Markup {
    """
    <section id=sample>
    <h2>Sample</h2>
    <p>\(sample.deployments.count) of \(ReportWords.count(population, "deployment")), drawn by the seed <code>\(sample.seed)</code> \
    in this order. <a href="#check">How to draw it again</a>.</p>
    \(sample.deployments.enumerated().map { entry($0.element, place: $0.offset + 1) })
    </section>
    """
  }

  private func entry(_ sampled: ReportedDeployments.Sampled, place: Int) -> Markup {
    let deployment = sampled.deployment
    let start = deployment.start
    let facts: [(String, String)] = [
      ("Started", TimeText.short(deployment.startedAt)),
      ("Ended", deployment.finishedAt.map { TimeText.short($0) } ?? "–"), ("Took", ReportWords.took(deployment)),
      ("By", start.operator), ("Client", start.client), ("Host", start.host),
      ("Commit", start.gitSHA.map { $0 + (start.gitDirty == true ? " with uncommitted changes" : "") } ?? "–"),
      ("Reason", ReportWords.reason(deployment)), ("Batch", start.batch ?? ""), ("UUID", deployment.uuid),
      ("Compose files", deployment.composeDigest.map { "sha256:\($0)" } ?? "–"),
      (
        "Secrets", start.secretVersions.map { "\($0.item) version \($0.version)" }.joined(separator: ", ")
      ),
    ]
    let shown = facts.filter { !$0.1.isEmpty }.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as Markup }
    return """
      <article>
      <h3><span class=box aria-hidden=true></span>\(place). \(deployment.link()) \(start.target) \
      \(ReportWords.what(deployment)) \(deployment.outcome.markup)</h3>
      <dl class=facts>\(shown)\(steps(sampled.steps))</dl>
      \(images(sampled.images))
      </article>
      """
  }

  private func steps(_ steps: [StepRecord]) -> Markup {
    // Nothing happens in the step that only announces the change.
    let steps = steps.filter { $0.name != DeploymentFacts.announcingStep }
    guard !steps.isEmpty else { return "" }
    let shown = steps.map { step -> Markup in
      let isGood = step.outcome == .succeeded
      return "<li>\(step.name) \(TimeText.took(step.durationMS))\(isGood ? "" : " \(step.outcome.rawValue)")</li>"
    }
    return "<div><dt>Steps</dt><dd><ol class=steps>\(shown)</ol></dd></div>"
  }

  private func images(_ images: [ImageRecord]) -> Markup {
    guard !images.isEmpty else { return "" }
    let rows = images.map { image -> Markup in
      """
      <tr><td data-label=Service>\(image.service)<td data-label="Image before">\(Self.name(image.before))\
      <td data-label="Image after">\(image.isChange ? Self.name(image.after) : "the same")
      """
    }
    return """
      <table class=cards><thead><tr><th scope=col>Service<th scope=col>Image before<th scope=col>Image after\
      <tbody>\(rows)</table>
      """
  }

  private static func name(_ image: ImageIdentity?) -> Markup {
    guard let image else { return "–" }
    return "\(image.reference)<br><code>\(image.digest ?? image.id)</code>"
  }
}
