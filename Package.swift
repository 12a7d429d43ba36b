// swift-tools-version: 6.3
import PackageDescription

// The picture of the dependencies: each target names what it stands on, and all arrows point down.
// A target is declared by its kind; settings are written once, here.

/// Settings of every Swift target.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// Where C or raw memory is touched, every unsafe expression is marked in the source.
let memorySettings: [SwiftSetting] = settings + [.strictMemorySafety()]

func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], rawMemory: Bool = false
) -> Target {
  .target(
    name: name, dependencies: dependencies,
    swiftSettings: rawMemory ? memorySettings : settings)
}

func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ subject: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: subject + "Tests", dependencies: dependencies, exclude: exclude, resources: resources,
    swiftSettings: settings)
}

/// A C library of the system: Debian's package, Homebrew's formula.
func system(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
  .systemLibrary(
    name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "coppice",
  // Span, OutputSpan and Mutex without availability checks.
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Coppice", targets: ["Coppice"]),
    .library(name: "CoppiceInterop", targets: ["CoppiceInterop"]),
    .library(name: "CoppiceConformance", targets: ["CoppiceConformance"]),
    .executable(name: "coppice", targets: ["CoppiceTool"]),
    .executable(name: "coppice-hdf5-worker", targets: ["CoppiceHDF5Worker"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // C libraries of the system.
    system("CHDF5", pkgConfig: "hdf5", apt: "libhdf5-dev", brew: "hdf5"),
    system("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev", brew: "zstd"),
    system("CXXHash", pkgConfig: "libxxhash", apt: "libxxhash-dev", brew: "xxhash"),
    system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
    system("CZip", pkgConfig: "libzip", apt: "libzip-dev", brew: "libzip"),

    // Small C targets of our own, each with its reason in its header.
    .target(
      name: "CSimdjson",
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CCRC32C"),
    .target(name: "CCast"),
    .target(name: "CShuffle"),
    .target(name: "CPlatform"),

    // What a checkpoint is.
    library("CoppiceModel", ["CCast"], rawMemory: true),

    // Safe faces of C libraries and of the file system.
    library("FileAccess", ["CPlatform", "CoppiceModel", systemPackage], rawMemory: true),
    library("StrictJSON", ["CoppiceModel", "CSimdjson"], rawMemory: true),
    library("HDF5", ["CHDF5"], rawMemory: true),
    library("Compression", ["CShuffle", "CoppiceModel", "CZstd", "CZlib"], rawMemory: true),
    library(
      "ZipArchive", ["CZip", "Compression", "CoppiceModel", "FileAccess"], rawMemory: true),
    library(
      "HDF5Outline", ["CPlatform", "CoppiceModel", "HDF5", "StrictJSON", systemPackage],
      rawMemory: true),

    // The format: the specification in Swift, then disk, then the library people import.
    library("CoppiceFormat", ["CXXHash", "CoppiceModel", "StrictJSON"], rawMemory: true),
    library(
      "CoppiceStorage",
      [
        "CoppiceFormat", "CoppiceModel", "Compression", "FileAccess", "HDF5",
        "StrictJSON", systemPackage,
      ], rawMemory: true),
    library(
      "Coppice",
      [
        "CoppiceFormat", "CoppiceModel", "CoppiceStorage", "FileAccess", "HDF5", "HDF5Outline",
        "StrictJSON", systemPackage,
      ], rawMemory: true),

    // Foreign formats: none knows Coppice's.
    library(
      "Safetensors", ["CoppiceModel", "FileAccess", "StrictJSON", systemPackage], rawMemory: true),
    library("FlaxMsgpack", ["CoppiceModel", "FileAccess", systemPackage], rawMemory: true),
    library(
      "HDF5Tree",
      [
        "Compression", "CoppiceModel", "FileAccess", "HDF5", "HDF5Outline", "StrictJSON",
        "ZipArchive", systemPackage,
      ], rawMemory: true),
    library(
      "NumPyZip",
      ["Compression", "CoppiceModel", "FileAccess", "ZipArchive", systemPackage], rawMemory: true),
    library(
      "PyTorchArchive", ["CoppiceModel", "FileAccess", "ZipArchive", systemPackage], rawMemory: true
    ),
    library(
      "OrbaxCheckpoint",
      [
        "CCRC32C", "Compression", "CoppiceModel", "FileAccess", "FlaxMsgpack", "StrictJSON",
        systemPackage,
      ], rawMemory: true),

    // Conversion, commands, tools.
    library(
      "CoppiceInterop",
      [
        "Coppice", "CoppiceFormat", "CoppiceModel", "CoppiceStorage", "FileAccess", "FlaxMsgpack",
        "HDF5Tree", "NumPyZip", "OrbaxCheckpoint", "PyTorchArchive", "Safetensors", "StrictJSON",
        systemPackage,
      ]),
    // The suite that shows what a reader of the format does, this one's and others'.
    library(
      "CoppiceConformance",
      [
        "CZstd", "Coppice", "CoppiceFormat", "CoppiceInterop", "CoppiceModel", "CoppiceStorage",
        "FileAccess", "HDF5", "HDF5Outline", "StrictJSON", crypto, systemPackage,
      ], rawMemory: true),
    library(
      "CoppiceCommands",
      [
        "Coppice", "CoppiceConformance", "CoppiceFormat", "CoppiceInterop", "CoppiceModel",
        "CoppiceStorage", "FileAccess", "HDF5Outline", "StrictJSON", arguments, systemPackage,
      ], rawMemory: true),
    tool("CoppiceTool", ["CoppiceCommands"]),
    tool("CoppiceHDF5Worker", ["HDF5Outline"]),

    // Tests: one target a module, small; the formats' cases are data.
    .target(
      name: "CoppiceTestSupport", dependencies: ["CoppiceModel", "FileAccess", systemPackage],
      path: "Tests/CoppiceTestSupport", swiftSettings: settings),
    tests(
      "CoppiceModel", ["CoppiceModel", "CoppiceTestSupport"],
      exclude: ["Casts/generate.py", "Casts/Vectors"]),
    tests("FileAccess", ["FileAccess", "CoppiceModel", "CoppiceTestSupport", systemPackage]),
    tests("StrictJSON", ["StrictJSON", "CoppiceModel", "CoppiceTestSupport"]),
    tests("HDF5", ["HDF5", "CoppiceTestSupport", systemPackage]),
    tests("Compression", ["Compression", "CoppiceModel", "CoppiceTestSupport"]),
    tests(
      "HDF5Outline", ["HDF5Outline", "HDF5", "CoppiceModel", "CoppiceTestSupport", systemPackage]),
    tests(
      "CoppiceFormat",
      ["CoppiceFormat", "CoppiceModel", "StrictJSON", "CoppiceTestSupport", systemPackage]),
    tests(
      "CoppiceStorage",
      [
        "CoppiceStorage", "Coppice", "CoppiceFormat", "CoppiceModel", "CoppiceTestSupport",
        "FileAccess", "HDF5", systemPackage,
      ], exclude: ["view.py"]),
    tests(
      "Coppice",
      [
        "Coppice", "CoppiceFormat", "CoppiceModel", "CoppiceStorage", "CoppiceTestSupport",
        "FileAccess", "HDF5", "StrictJSON", systemPackage,
      ]),
    tests(
      "Safetensors",
      ["Safetensors", "CoppiceModel", "FileAccess", "CoppiceTestSupport", systemPackage]),
    tests(
      "FlaxMsgpack",
      ["FlaxMsgpack", "CoppiceModel", "FileAccess", "CoppiceTestSupport", systemPackage]),
    tests(
      "HDF5Tree",
      [
        "HDF5Tree", "CoppiceModel", "FileAccess", "HDF5", "HDF5Outline", "CoppiceTestSupport",
        systemPackage,
      ]),
    tests(
      "ZipArchive",
      ["ZipArchive", "CoppiceModel", "FileAccess", "CoppiceTestSupport", systemPackage]),
    tests(
      "NumPyZip",
      ["NumPyZip", "CoppiceModel", "FileAccess", "CoppiceTestSupport", systemPackage]),
    tests(
      "PyTorchArchive",
      [
        "PyTorchArchive", "CoppiceModel", "FileAccess", "ZipArchive", "CoppiceTestSupport",
        systemPackage,
      ]),
    tests(
      "OrbaxCheckpoint",
      [
        "OrbaxCheckpoint", "CoppiceModel", "FileAccess", "FlaxMsgpack", "StrictJSON",
        "CoppiceTestSupport", systemPackage,
      ], exclude: ["Fixtures"]),
    tests(
      "CoppiceInterop",
      [
        "CoppiceInterop", "Coppice", "CoppiceModel", "CoppiceTestSupport", "FileAccess",
        "CoppiceStorage", "Safetensors", systemPackage,
      ]),
    tests("Spec", ["CoppiceConformance", "CoppiceTestSupport", systemPackage]),
    tests(
      "Conformance",
      [
        "CoppiceConformance", "Coppice", "CoppiceInterop", "CoppiceModel", "CoppiceTestSupport",
        "FileAccess", "StrictJSON", systemPackage,
      ], exclude: ["Runners"]),
    tests(
      "Command",
      [
        "CoppiceCommands", "Coppice", "CoppiceInterop", "CoppiceModel", "CoppiceTestSupport",
        "FileAccess", "StrictJSON", systemPackage,
      ], exclude: ["Golden"]),
  ],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx20
)
