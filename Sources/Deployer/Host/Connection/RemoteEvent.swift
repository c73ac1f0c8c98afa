/// What the remote script says, line by line.
public enum RemoteEvent: Sendable, Equatable {
  /// A step has begun.
  case begin(step: String)
  /// A step has ended with this exit status.
  case end(step: String, status: Int32)
  /// Something the script found out: a word that says what, and the fields that say it.
  case fact(name: String, fields: [String])
  /// The script's part has come to its end.
  case done
  /// A line that some program wrote, without any secret.
  case output(String)
}
