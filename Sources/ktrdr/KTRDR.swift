import ArgumentParser

@main
struct KTRDR: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ktrdr")
}
