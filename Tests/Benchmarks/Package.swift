// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// Measures the product as any package would use it; users of the tool never build this.
let package = Package(
  name: "coppice-benchmarks",
  platforms: [.macOS(.v26)],
  traits: [.trait(name: "MPI", description: "Ranks that mpirun starts.")],
  dependencies: [
    .package(
      name: "coppice", path: "../..",
      traits: [.trait(name: "MPI", condition: .when(traits: ["MPI"]))])
  ],
  targets: [
    .target(name: "BenchmarkMachine", swiftSettings: settings),
    .executableTarget(
      name: "CoppiceBenchmark",
      dependencies: ["BenchmarkMachine", .product(name: "Coppice", package: "coppice")],
      swiftSettings: settings),
    .executableTarget(
      name: "CoppiceRanksBenchmark",
      dependencies: [
        "BenchmarkMachine", .product(name: "Coppice", package: "coppice"),
        .product(name: "CoppiceMPI", package: "coppice", condition: .when(traits: ["MPI"])),
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
