/// What the remote script reports, line by line.
public enum RemoteEvent: Sendable, Equatable {
  /// A step has begun.
  case begin(step: String)
  /// A step has ended with this exit status.
  case end(step: String, status: Int32)
  /// Something the script found out: the name of the fact and its fields.
  case fact(name: String, fields: [String])
  /// The upload has been carried out.
  case done
  /// A line that some program wrote, without any secret.
  case output(String)
}
