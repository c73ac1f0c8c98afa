/// One event, stored or about to be: the values of its columns.
struct Event: Equatable {
  private(set) var values: [Value?]

  init(_ type: EventType, deployment: Int64? = nil) {
    values = Array(repeating: nil, count: Int(Column.count))
    self[.type] = .text(type.rawValue)
    self[.deployment] = .optional(deployment)
  }

  /// Reads a row of `SELECT \(Column.list) …`, of a ledger that may be damaged.
  init(_ row: borrowing Statement) {
    values = []
    for column in Column.allCases {
      switch row.storage(column.index) {
      case 1: values.append(.optional(row.integer(column.index)))
      case 3: values.append(.optional(row.remainingText(column.index)))
      case 4: values.append(row.blob(column.index).map(Value.blob))
      default: values.append(nil)
      }
    }
  }

  subscript(_ column: Column) -> Value? {
    get { values[column.rawValue - 1] }
    set { values[column.rawValue - 1] = newValue }
  }

  func text(_ column: Column) -> String? {
    if case .text(let text) = self[column] { text } else { nil }
  }

  var texts: [String] { Column.allCases.compactMap { text($0) } }

  func integer(_ column: Column) -> Int64? {
    if case .integer(let number) = self[column] { number } else { nil }
  }

  func blob(_ column: Column) -> [UInt8]? {
    if case .blob(let bytes) = self[column] { bytes } else { nil }
  }

  /// The canonical encoding: every column that is not NULL, in the order of its number.
  var body: [UInt8] {
    var body: [UInt8] = []
    for (index, value) in values.enumerated() {
      if let value { Chain.encode(value, column: index + 1, into: &body) }
    }
    return body
  }

  func hash(ledgerID: String, previous: [UInt8]) -> [UInt8] {
    sha256(Chain.prefix(ledgerID: ledgerID, previous: previous) + body)
  }
}
