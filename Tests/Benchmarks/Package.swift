// swift-tools-version: 6.3
import PackageDescription

// Measures the product as any package would use it; users of the tool never build this.
let package = Package(
  name: "coppice-benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "coppice", path: "../..")],
  targets: [
    .executableTarget(
      name: "CoppiceBenchmark",
      dependencies: [.product(name: "Coppice", package: "coppice")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
