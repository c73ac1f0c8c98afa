/// Which columns an event has, and which of their values are not what the column holds. Collected while the event is hashed.
struct EventShape {
  private(set) var present = ColumnSet()
  private(set) var invalid = ColumnSet()

  private static let storage = Column.allCases.map(\.storage)

  mutating func add(_ index: Int32, storage: Int32) {
    present.insert(index)
    if storage != Self.storage[Int(index)] { invalid.insert(index) }
  }

  mutating func addText(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
    if !StoredText.isValid(bytes) { invalid.insert(index) }
  }
}

/// What one event says by itself: its columns, and the values that its type allows in them.
enum EventContent {
  /// What is wrong with the event in this row, in words.
  static func problems(
    _ row: borrowing Statement, _ type: EventType, _ shape: EventShape
  ) throws(SQLiteError) -> [String] {
    let columns = type.columns
    var problems: [String] = []
    for column in columns.required.subtracting(shape.present) { problems.append("its \(column.name) is missing") }
    for column in shape.present.subtracting(columns.allowed) {
      problems.append("it has a \(column.name), which no event of type \(type.rawValue) has")
    }
    for column in shape.invalid.subtracting(ColumnSet()) { problems.append(invalid(column)) }
    // A value is only looked at if the column holds what it should.
    guard problems.isEmpty else { return problems }
    return try wrongValues(row, type, shape).map(invalid)
  }

  static func invalid(_ column: Column) -> String { "its \(column.name) is not valid" }

  private static func wrongValues(
    _ row: borrowing Statement, _ type: EventType, _ shape: EventShape
  ) throws(SQLiteError) -> [Column] {
    var wrong: [Column] = []
    switch type {
    case .genesis: break
    case .started:
      for column in [Column.target, .host] where row.isEmpty(column) { wrong.append(column) }
      if row.word(.kind, as: DeploymentKind.self) == nil { wrong.append(.kind) }
      if let dirty = row.integer(Column.gitDirty.index), dirty != 0, dirty != 1 { wrong.append(.gitDirty) }
      for column in [Column.services, .profiles, .secretVersions, .registry] {
        guard let text = try row.text(column.index) else { continue }
        let items = StoredText.items(text)
        let isValid =
          switch column {
          case .registry: !items.isEmpty && !items.contains([])
          case .secretVersions: items.allSatisfy { StoredText.secretVersion($0) != nil }
          default: !items.contains([])
          }
        if !isValid { wrong.append(column) }
      }
    case .step:
      if row.word(.outcome, as: StepOutcome.self) == nil { wrong.append(.outcome) }
      if let status = row.integer(Column.exitStatus.index), Int32(exactly: status) == nil { wrong.append(.exitStatus) }
      if shape.present.contains(.outputDigest), row.count(.outputDigest) != 32 { wrong.append(.outputDigest) }
    case .image:
      // An image has a name and an id, or it is not there at all.
      let images: [(Column, Column, Column)] = [
        (.beforeReference, .beforeID, .beforeDigest), (.afterReference, .afterID, .afterDigest),
      ]
      for (reference, id, digest) in images {
        let isThere = shape.present.contains(reference)
        if shape.present.contains(id) != isThere { wrong.append(id) }
        if shape.present.contains(digest), !isThere { wrong.append(digest) }
      }
    case .finished: if row.word(.outcome, as: Outcome.self) == nil { wrong.append(.outcome) }
    case .purged: if row.isEmpty(.reason) { wrong.append(.reason) }
    case .anchored:
      if row.isEmpty(.target) { wrong.append(.target) }
      if row.count(.anchorHash) != 32 { wrong.append(.anchorHash) }
    case .migrated: break
    }
    return wrong
  }
}

extension Statement {
  func count(_ column: Column) -> Int { withBytes(column.index) { $0.count } }

  /// True for an empty text, and not for one that is absent.
  func isEmpty(_ column: Column) -> Bool { storage(column.index) == 3 && count(column) == 0 }

  /// The word with exactly the stored bytes; `nil` for any other.
  func word<Word: RawRepresentable>(_ column: Column, as: Word.Type) -> Word?
  where Word.RawValue == String {
    storage(column.index) == 3 ? withBytes(column.index) { Word(stored: $0) } : nil
  }
}
