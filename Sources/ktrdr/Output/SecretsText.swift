import Deployer

/// The table of `secrets check`: names, sources and lengths, never values.
enum SecretsText {
  static func table(_ rows: [SecretsAudit.Row], in appearance: Appearance) -> String {
    let table = Table(
      header: ["TARGET", "VARIABLE", "VAULT", "ITEM", "VERSION", "FIELD", "BYTES", "REDACTED", "STATE"],
      rows: rows.map { row in
        [
          row.owner, row.variable, row.reference.vault ?? "-", row.reference.item, row.version.map { "\($0)" } ?? "-",
          row.reference.field, row.byteCount.map { "\($0)" } ?? "-", redacted(row), row.problem?.what ?? "ok",
        ]
      })
    return table.lines(width: nil, in: appearance).joined(separator: "\n")
  }

  private static func redacted(_ row: SecretsAudit.Row) -> String {
    guard row.reference.sensitive else { return "not sensitive" }
    guard row.byteCount != nil else { return "-" }
    return row.isTooShortToRedact ? "too short" : "yes"
  }
}

/// One secret in the JSON of `secrets check`.
struct SecretRecord: Encodable {
  var target: String
  var variable: String
  var account: Nullable<String>
  var vault: Nullable<String>
  var item: String
  var version: Nullable<Int>
  var field: String
  var bytes: Nullable<Int>
  var sensitive: Bool
  var tooShortToRedact: Bool
  var problem: Nullable<String>
  var nextStep: Nullable<String>

  init(_ row: SecretsAudit.Row) {
    target = row.owner
    variable = row.variable
    account = Nullable(row.reference.account)
    vault = Nullable(row.reference.vault)
    item = row.reference.item
    version = Nullable(row.version)
    field = row.reference.field
    bytes = Nullable(row.byteCount)
    sensitive = row.reference.sensitive
    tooShortToRedact = row.isTooShortToRedact
    problem = Nullable(row.problem?.what)
    nextStep = Nullable(row.problem?.nextStep)
  }
}
