import CSQLite
import Platform

@testable import DeploymentModel

// The two tasks would wait for each other some forty times in each operation.
precondition(csqlite_count_no_memory() == SQLITE_OK)
let check = ModelCheck(ProcessInfo.processInfo.environment, seeds: [.random(in: 1...99_999)], operations: 100_000)
let found = try await check.run()
for disagreement in found { print(disagreement.text + "\n") }
exit(found.isEmpty ? 0 : 1)
