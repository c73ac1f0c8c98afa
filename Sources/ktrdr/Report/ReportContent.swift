import Ledger
import Platform

/// All that a report says. The page is a pure function of it.
struct ReportContent: Sendable {
  var ledgerPath: String
  var ledgerID: String
  /// The period as it was asked for.
  var since: Date?
  var until: Date?
  var generatedAt: Date
  /// The program and its version.
  var generator: String
  var proof: LedgerProof
  var found: ReportedDeployments
}

/// The deployments of a period, and what follows from them.
struct ReportedDeployments: Sendable {
  /// A deployment of the sample, with all that the ledger has of it.
  struct Sampled: Sendable {
    var deployment: Deployment
    var steps: [StepRecord]
    var images: [ImageRecord]
  }

  struct Sample: Sendable {
    var seed: String
    /// How many deployments were asked for; there may be fewer.
    var size: Int
    /// In the order of the draw.
    var deployments: [Sampled] = []
  }

  /// Why the deployments could not be read; `nil` if they could.
  var unreadable: String?
  /// The deployments that started in the period, oldest first.
  var population: [Deployment] = []
  /// `nil` if the ledger cannot speak of any part of the period.
  var statistics: Statistics?
  /// The deployments that rollbacks of the population undo, by number.
  var undone: [Int64: Deployment] = [:]
  /// `nil` if none was asked for.
  var sample: Sample?
}
