/// Columns, as bits in the order of their numbers.
struct ColumnSet: Equatable {
  private(set) var bits: UInt64 = 0

  init(_ columns: [Column] = []) {
    for column in columns { insert(column.index) }
  }

  mutating func insert(_ index: Int32) { bits |= 1 << UInt64(index) }
  func contains(_ column: Column) -> Bool { bits & (1 << UInt64(column.index)) != 0 }

  static func + (left: ColumnSet, right: ColumnSet) -> ColumnSet {
    var sum = left
    sum.bits |= right.bits
    return sum
  }

  /// The columns of this set that `other` does not have.
  func subtracting(_ other: ColumnSet) -> [Column] {
    let rest = bits & ~other.bits
    return rest == 0 ? [] : Column.allCases.filter { rest & (1 << UInt64($0.index)) != 0 }
  }
}

extension Column {
  /// SQLite's number for the only type that the column's values have: 1 INTEGER, 3 TEXT, 4 BLOB.
  var storage: Int32 {
    switch self {
    case .seq, .at, .deployment, .gitDirty, .undoes, .startedAt, .durationMS, .exitStatus, .subject, .format: 1
    case .outputDigest, .anchorHash: 4
    default: 3
    }
  }
}

extension EventType {
  /// The columns that every event has.
  private static let common: [Column] = [.seq, .type, .at]

  /// What every event of this type has, and what it can have. It has nothing else.
  var columns: (required: ColumnSet, allowed: ColumnSet) { Self.table[position] }

  /// In the order of the cases. Every event that is verified is looked up here.
  private static let table = allCases.map { type in
    let required = ColumnSet(common + type.required)
    return (required: required, allowed: required + ColumnSet(type.optional))
  }

  private var position: Int {
    switch self {
    case .genesis: 0
    case .started: 1
    case .step: 2
    case .image: 3
    case .finished: 4
    case .purged: 5
    case .anchored: 6
    case .migrated: 7
    }
  }

  private var required: [Column] {
    switch self {
    case .genesis: [.uuid, .format]
    case .started:
      [.deployment, .uuid, .kind, .target, .host, .services, .profiles, .operator, .client, .secretVersions]
    case .step: [.deployment, .name, .startedAt, .durationMS, .outcome]
    case .image: [.deployment, .target, .service]
    case .finished: [.deployment, .outcome, .durationMS]
    case .purged: [.deployment, .subject, .reason]
    case .anchored: [.target, .subject, .anchorHash]
    case .migrated: [.name, .format]
    }
  }

  private var optional: [Column] {
    switch self {
    case .genesis, .purged, .migrated: []
    case .started: [.batch, .directory, .tag, .gitSHA, .gitDirty, .undoes, .registry]
    case .step: [.exitStatus, .outputDigest]
    case .image: [.beforeReference, .beforeID, .beforeDigest, .afterReference, .afterID, .afterDigest]
    case .finished: [.reason, .composeDigest]
    case .anchored: [.deployment]
    }
  }
}
