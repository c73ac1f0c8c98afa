/// Why a request to a host has no answer.
enum HostError: Error, Equatable, Sendable {
  /// The connection ended first. How far the host came is unknown.
  case connectionLost
  /// The host answered that it cannot do it: Docker does not respond, for instance.
  case unavailable
  /// The host reported a step that nobody had asked for, so nothing that it says is believed. The connection was ended.
  case misbehaved
}
