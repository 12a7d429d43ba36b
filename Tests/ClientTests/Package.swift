// swift-tools-version: 6.3
import PackageDescription

// Programs that use the products as any package would: what isn't public isn't there.
let package = Package(
  name: "coppice-clients",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "coppice", path: "../..")],
  targets: [
    .executableTarget(
      name: "Walkthrough",
      dependencies: [
        .product(name: "Coppice", package: "coppice"),
        .product(name: "CoppiceInterop", package: "coppice"),
      ], swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "Upkeep", dependencies: [.product(name: "CoppiceInterop", package: "coppice")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Saves steps until it is killed: Tests/Faults.
    .executableTarget(
      name: "Trainer", dependencies: [.product(name: "Coppice", package: "coppice")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Holds bytes, calls, allocations and memory of saving and loading to bounds.
    .target(name: "CAllocations"),
    .executableTarget(
      name: "Costs", dependencies: ["CAllocations", .product(name: "Coppice", package: "coppice")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
