/// What one Compose command covers.
struct ComposeScope: Sendable, Equatable {
  /// Compose files, relative to the stack's directory; empty means what Compose finds by itself.
  var files: [String] = []
  var profiles: [String] = []
  /// Empty means every service of the profiles.
  var services: [String] = []
  /// Whether images are pinned by one more compose file, which Compose reads from its standard input.
  var isPinned = false
}
