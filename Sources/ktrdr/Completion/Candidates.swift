import Deployer
import Ledger
import Platform

/// A word that can come next, and what is said beside it by a shell that shows that.
struct Candidate: Equatable {
  var word: String
  var note: String?

  init(_ word: String, _ note: String? = nil) { (self.word, self.note) = (word, note) }
}

/// What the inventory and the ledger can offer for a word. Decides which of it, and in which order.
enum LiveValue: Equatable {
  /// A target or group, then its services or nodes.
  case selection([String])
  /// Targets, groups, and the nodes of a group that precedes them.
  case targets([String])
  case oneTarget, group, services, profiles, hosts
  case tags, deployments, lastOrDeployment, tagsOrDeployments, batches, operators

  /// The rule for each word of the command line; `nil` where nothing is known.
  init?(for line: UnfinishedLine) {
    switch line.asked {
    case .command, .option: return nil
    case .value(let option, _): self.init(option: option, of: line.command)
    case .positional(nil): return nil
    case .positional: self.init(positionalOf: line)
    }
  }

  private init?(option: String, of command: [String]) {
    switch (option, command.first) {
    case ("tag", _): self = .tags
    case ("to", _): self = .tagsOrDeployments
    case ("batch", "rollback"): self = .deployments
    case ("batch", _): self = .batches
    case ("profile", _): self = .profiles
    case ("target", _): self = .oneTarget
    case ("service", _): self = .services
    case ("host", _): self = .hosts
    case ("operator", _): self = .operators
    default: return nil
    }
  }

  private init?(positionalOf line: UnfinishedLine) {
    let words = line.positionals
    switch line.command {
    case ["deploy", "target"] where words.isEmpty: self = .oneTarget
    case ["deploy", "group"] where words.isEmpty: self = .group
    case ["deploy"], ["rollback"], ["logs"], ["exec"], ["deploy", "target"], ["deploy", "group"]:
      self = .selection(words)
    case ["deploy", "core"], ["deploy", "workers"]: self = .selection([line.command[1]] + words)
    case ["status"], ["history"], ["stats"], ["doctor"], ["secrets", "check"]: self = .targets(words)
    case ["show"], ["diff"]: self = .lastOrDeployment
    case ["ledger", "purge"] where words.isEmpty: self = .deployments
    default: return nil
    }
  }

  /// Whether it takes the ledger to answer. The inventory is always of use, to know the target that is meant.
  var needsLedger: Bool {
    switch self {
    case .tags, .deployments, .lastOrDeployment, .tagsOrDeployments, .batches, .operators: true
    // The services of an inventory that lists none are those that were deployed.
    case .selection(let words): !words.isEmpty
    case .targets, .oneTarget, .group, .services, .profiles, .hosts: false
    }
  }
}

extension UnfinishedLine {
  /// The targets that the words before the last one choose; empty if they choose none.
  func chosen(in inventory: Inventory) -> [Target] {
    let named = command.first == "deploy" && ["core", "workers"].contains(command.last) ? command.suffix(1) : []
    let words = named + positionals + (options["target"] ?? [])
    guard ["deploy", "rollback", "history"].contains(command.first), !words.isEmpty else { return [] }
    return (try? inventory.resolveFirst(words[...]))?.targets ?? []
  }
}

/// The candidates of a live value.
struct LiveCandidates {
  /// How many deployments are read, and how many tags or numbers of them are offered: more would fill the screen.
  static let (considered, most) = (100, 20)

  var inventory: Inventory?
  var chosen: [Target] = []
  /// Newest first.
  var recent: [Deployment] = []
  var now = Date()

  func all(of value: LiveValue) -> [Candidate] {
    switch value {
    case .selection(let words): selection(after: words)
    case .targets(let words): targets(after: words)
    case .oneTarget: (inventory?.targets ?? []).map(Self.candidate)
    case .group: groups
    case .services: unique(places.flatMap(\.services).map { Candidate($0.value) })
    case .profiles: unique(places.flatMap(\.profiles).map { Candidate($0.value) })
    case .hosts: (inventory?.targets ?? []).map(Self.candidate) + unique(places.map { Candidate($0.host.value) })
    case .tags: tags
    case .deployments: numbers
    case .lastOrDeployment: (recent.isEmpty ? [] : [Candidate("last", "the newest")]) + numbers
    case .tagsOrDeployments: tags.map(Self.distinct) + numbers
    case .batches: newest { $0.start.batch }
    case .operators: unique(recent.map { Candidate($0.start.operator) })
    }
  }

  /// The targets that are meant: those that were chosen, or all.
  private var places: [Target] { chosen.isEmpty ? inventory?.targets ?? [] : chosen }

  private var groups: [Candidate] {
    (inventory?.groups ?? []).map { group in
      let nodes = inventory?.nodes(of: group.value) ?? []
      return Candidate(group.value, "group of \(nodes.joined(separator: " "))")
    }
  }

  private func selection(after words: [String]) -> [Candidate] {
    guard let inventory, let name = words.first else {
      return (inventory?.targets ?? []).map(Self.candidate) + groups
    }
    guard !words.dropFirst().contains("all"), let (found, rest) = try? inventory.resolveFirst(words[...]) else {
      return []
    }
    let listed = found.flatMap(\.services).map(\.value)
    let services = unique((listed.isEmpty ? deployed(on: found) : listed).map { Candidate($0) })
      .filter { !rest.contains($0.word) }
    let nodes = rest.isEmpty ? Self.nodes(of: name, in: inventory, without: words) : []
    guard words.count == 1 else { return nodes + services }
    return (nodes.isEmpty ? services : nodes) + [Candidate("all", nodes.isEmpty ? "every service" : "every node")]
  }

  private func deployed(on targets: [Target]) -> [String] {
    let names = targets.map(\.name.value)
    return Set(recent.filter { names.contains($0.start.target) }.flatMap(\.start.services)).sorted()
  }

  private func targets(after words: [String]) -> [Candidate] {
    guard let inventory else { return [] }
    let group = words.last { !inventory.group($0).isEmpty }
    let nodes = group.map { Self.nodes(of: $0, in: inventory, without: words) } ?? []
    return nodes + (inventory.targets.map(Self.candidate) + groups).filter { !words.contains($0.word) }
  }

  private static func nodes(of group: String, in inventory: Inventory, without words: [String]) -> [Candidate] {
    inventory.group(group).compactMap { target in
      guard let node = target.node, !words.contains(node) else { return nil }
      return Candidate(node, target.host.value)
    }
  }

  private static func candidate(_ target: Target) -> Candidate { Candidate(target.name.value, target.host.value) }

  private var tags: [Candidate] { newest { $0.start.tag } }

  /// A tag as `--to` takes it: of digits alone it would be a number.
  private static func distinct(_ tag: Candidate) -> Candidate {
    Int64(tag.word) == nil ? tag : Candidate("tag:\(tag.word)", tag.note)
  }

  /// What the newest deployments have, each once, with the newest that has it.
  private func newest(_ word: (Deployment) -> String?) -> [Candidate] {
    let all = recent.compactMap { run in
      word(run).map { Candidate($0, "\(run.start.target) \(outcome(of: run)) \(age(of: run))") }
    }
    return Array(unique(all).prefix(Self.most))
  }

  private var numbers: [Candidate] {
    recent.prefix(Self.most).map { run in
      let words = [run.start.kind.rawValue, run.start.target, run.start.tag, outcome(of: run), age(of: run)]
      return Candidate("\(run.id)", words.compactMap { $0 }.joined(separator: " "))
    }
  }

  private func outcome(of run: Deployment) -> String { run.outcome?.rawValue ?? "running" }
  private func age(of run: Deployment) -> String { TimeText.relative(run.startedAt, to: now) }

  /// The first of each word.
  private func unique(_ candidates: [Candidate]) -> [Candidate] {
    var seen: Set<String> = []
    return candidates.filter { seen.insert($0.word).inserted }
  }
}
