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
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
  rawMemory: Bool = false
) -> Target {
  .target(
    name: name, dependencies: dependencies, resources: resources,
    swiftSettings: rawMemory ? memorySettings : settings)
}

func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The dependency of what uses MPI, which is there where the trait is enabled.
func withMPI(_ name: String) -> Target.Dependency {
  .target(name: name, condition: .when(traits: ["MPI"]))
}

func tests(
  _ subject: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: subject + "Tests", dependencies: dependencies, exclude: exclude, resources: resources,
    swiftSettings: settings)
}

/// A program, or a part of one, that uses the products as another package does: what isn't public isn't there, and no
/// setting is ours.
func client(
  _ name: String, _ dependencies: [Target.Dependency], isProgram: Bool = true
) -> Target {
  let (name, path) = ("CoppiceClient" + name, "Tests/ClientTests/Sources/" + name)
  let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
  return isProgram
    ? .executableTarget(
      name: name, dependencies: dependencies, path: path, packageAccess: false,
      swiftSettings: settings)
    : .target(
      name: name, dependencies: dependencies, path: path, packageAccess: false,
      swiftSettings: settings)
}

/// A C library of the system: Debian's package, Homebrew's formula.
func system(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
  .systemLibrary(
    name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

/// Whether MPICH is linked where the trait is enabled, and not Open MPI, whose ABI differs.
let isMPICH = Context.environment["COPPICE_MPI"] == "mpich"

/// The program of `make fuzz`, which links only with the options that are there.
let isFuzzing = Context.environment["COPPICE_FUZZ"] != nil

let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// libFuzzer over the parsers that `CoppiceFuzzing` names.
let fuzzing: [Target] = [
  .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
  .executableTarget(
    name: "CoppiceFuzz", dependencies: ["CLibFuzzer", "CoppiceFuzzing"],
    path: "Tests/Fuzz/Program", swiftSettings: settings),
]

let package = Package(
  name: "coppice",
  // Span, OutputSpan and Mutex without availability checks.
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Coppice", targets: ["Coppice"]),
    .library(name: "CoppiceInterop", targets: ["CoppiceInterop"]),
    .library(name: "CoppiceMaintenance", targets: ["CoppiceMaintenance"]),
    .library(name: "CoppiceConformance", targets: ["CoppiceConformance"]),
    .library(name: "CoppiceMPI", targets: ["CoppiceMPI"]),
    .library(name: "CoppiceReport", targets: ["CoppiceReport"]),
    .executable(name: "coppice", targets: ["CoppiceTool"]),
    .executable(name: "coppice-hdf5-worker", targets: ["CoppiceHDF5Worker"]),
  ],
  traits: [
    // Off by default: few programs run as many processes, and MPI is a large library of which a machine has a kind of
    // its own.
    .trait(name: "MPI", description: "Saving and loading by many processes that mpirun starts.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // C libraries of the system.
    system("CCoppiceHDF5", pkgConfig: "hdf5", apt: "libhdf5-dev", brew: "hdf5"),
    system("CCoppiceZstd", pkgConfig: "libzstd", apt: "libzstd-dev", brew: "zstd"),
    system("CCoppiceXXHash", pkgConfig: "libxxhash", apt: "libxxhash-dev", brew: "xxhash"),
    system("CCoppiceZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
    system("CCoppiceZip", pkgConfig: "libzip", apt: "libzip-dev", brew: "libzip"),
    system("CCoppiceBlosc", pkgConfig: "blosc", apt: "libblosc-dev", brew: "c-blosc"),
    system("CCoppiceLZ4", pkgConfig: "liblz4", apt: "liblz4-dev", brew: "lz4"),
    system("CCoppiceCrypto", pkgConfig: "libcrypto", apt: "libssl-dev", brew: "openssl@3"),

    system(
      "CCoppiceMPI", pkgConfig: isMPICH ? "mpich" : "ompi-c",
      apt: isMPICH ? "libmpich-dev" : "libopenmpi-dev", brew: isMPICH ? "mpich" : "open-mpi"),

    // Small C targets of our own, each with its reason in its header.
    .target(
      name: "CCoppiceSimdjson",
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CCoppiceCRC32", dependencies: ["CCoppiceZlib"]),
    .target(name: "CCoppiceCRC32C"),
    .target(name: "CCoppiceCast"),
    .target(name: "CCoppiceShuffle"),
    .target(name: "CCoppicePlatform"),
    .target(name: "CCoppiceStatistics"),

    // What a checkpoint is.
    library("CoppiceModel", ["CCoppiceCast", "CCoppiceStatistics"], rawMemory: true),

    // Safe faces of C libraries and of the file system.
    library("CoppiceFiles", ["CCoppicePlatform", "CoppiceModel", systemPackage], rawMemory: true),
    // Processes that save and load together, and the messages between them.
    library("CoppiceProcessGroup", ["CoppiceModel"]),
    library(
      "CoppiceMPI", [withMPI("CCoppiceMPI"), "CoppiceModel", "CoppiceProcessGroup"],
      rawMemory: true),
    library(
      "CoppiceProcess", ["CCoppicePlatform", "CoppiceModel", systemPackage], rawMemory: true),
    library("CoppiceJSON", ["CoppiceModel", "CCoppiceSimdjson"], rawMemory: true),
    library("CoppiceHDF5", ["CCoppiceHDF5"], rawMemory: true),
    library(
      "CoppiceCompression",
      [
        "CCoppiceCRC32", "CCoppiceCRC32C", "CCoppiceShuffle", "CoppiceModel", "CCoppiceZstd",
        "CCoppiceZlib",
      ],
      rawMemory: true),
    library(
      "CoppiceZip", ["CCoppiceZip", "CoppiceCompression", "CoppiceModel", "CoppiceFiles"],
      rawMemory: true),
    library(
      "CoppiceHDF5Inspection",
      [
        "CoppiceFiles", "CoppiceHDF5", "CoppiceJSON", "CoppiceModel", "CoppiceProcess",
        systemPackage,
      ], rawMemory: true),

    // The format: the specification in Swift, then disk, then the library people import.
    library("CoppiceFormat", ["CCoppiceXXHash", "CoppiceModel", "CoppiceJSON"], rawMemory: true),
    library(
      "CoppiceStorage",
      [
        "CoppiceFormat", "CoppiceModel", "CoppiceCompression", "CoppiceFiles", "CoppiceHDF5",
        "CoppiceJSON", systemPackage,
      ], rawMemory: true),
    // Saving and loading: version 0 as it is read, Codable values, one checkpoint, runs of steps, upkeep.
    library(
      "CoppiceVersion0",
      [
        "CoppiceFiles", "CoppiceFormat", "CoppiceHDF5", "CoppiceHDF5Inspection", "CoppiceJSON",
        "CoppiceModel", "CoppiceStorage", systemPackage,
      ], rawMemory: true),
    library("CoppiceState", ["CoppiceModel"], rawMemory: true),
    library(
      "CoppiceCore",
      [
        "CoppiceFiles", "CoppiceFormat", "CoppiceJSON", "CoppiceModel", "CoppiceProcess",
        "CoppiceProcessGroup", "CoppiceState", "CoppiceStorage", "CoppiceVersion0", systemPackage,
      ], rawMemory: true),
    library(
      "CoppiceRuns",
      [
        "CoppiceCore", "CoppiceFiles", "CoppiceFormat", "CoppiceModel", "CoppiceProcessGroup",
        "CoppiceState", systemPackage,
      ], rawMemory: true),
    library(
      "CoppiceMaintenance",
      [
        "CoppiceCore", "CoppiceFiles", "CoppiceFormat", "CoppiceHDF5", "CoppiceHDF5Inspection",
        "CoppiceJSON", "CoppiceModel", "CoppiceStorage", "CoppiceVersion0", systemPackage,
      ], rawMemory: true),
    // The library that people import: all but the upkeep.
    library(
      "Coppice",
      [
        "CoppiceCore", "CoppiceModel", "CoppiceProcessGroup", "CoppiceRuns", "CoppiceState",
        systemPackage,
      ]),

    // Foreign formats: none knows Coppice's.
    library(
      "CoppiceSafetensors", ["CoppiceModel", "CoppiceFiles", "CoppiceJSON", systemPackage],
      rawMemory: true),
    library("CoppiceFlax", ["CoppiceModel", "CoppiceFiles", systemPackage], rawMemory: true),
    library("CoppiceGGUF", ["CoppiceModel", "CoppiceFiles"], rawMemory: true),
    library(
      "CoppiceHDF5Tree",
      [
        "CoppiceCompression", "CoppiceModel", "CoppiceFiles", "CoppiceHDF5",
        "CoppiceHDF5Inspection", "CoppiceJSON",
        "CoppiceZip", systemPackage,
      ], rawMemory: true),
    library(
      "CoppiceNumPy",
      ["CoppiceCompression", "CoppiceModel", "CoppiceFiles", "CoppiceZip", systemPackage],
      rawMemory: true),
    library(
      "CoppicePyTorch",
      [
        "CoppiceCompression", "CoppiceModel", "CoppiceFiles", "CoppiceJSON", "CoppiceNumPy",
        "CoppiceSafetensors", "CoppiceZip", systemPackage,
      ], rawMemory: true),
    library(
      "CoppiceZarr",
      [
        "CCoppiceBlosc", "CCoppiceLZ4", "CoppiceCompression", "CoppiceModel", "CoppiceFiles",
        "CoppiceJSON", "CoppiceZip",
      ], rawMemory: true),
    library(
      "CoppiceOrbax",
      [
        "CoppiceCompression", "CoppiceModel", "CoppiceFiles", "CoppiceFlax", "CoppiceJSON",
        "CoppiceProcessGroup", "CoppiceZarr", systemPackage,
      ], rawMemory: true),

    // Conversion, commands, tools.
    library(
      "CoppiceInterop",
      [
        "Coppice", "CoppiceCore", "CoppiceMaintenance", "CoppiceFormat", "CoppiceModel",
        "CoppiceProcessGroup", "CoppiceStorage", "CoppiceFiles", "CoppiceFlax", "CoppiceGGUF",
        "CoppiceHDF5Tree", "CoppiceNumPy", "CoppiceOrbax", "CoppicePyTorch", "CoppiceSafetensors",
        "CoppiceJSON", "CoppiceZarr",
        systemPackage,
      ]),
    library("CoppiceDigest", ["CCoppiceCrypto", "CoppiceModel"], rawMemory: true),
    // The suite that shows what a reader of the format does, this one's and others'.
    library(
      "CoppiceConformance",
      [
        "Coppice", "CoppiceCompression", "CoppiceCore", "CoppiceDigest", "CoppiceFiles",
        "CoppiceFormat", "CoppiceHDF5", "CoppiceInterop", "CoppiceJSON", "CoppiceMaintenance",
        "CoppiceModel", "CoppiceProcess", "CoppiceStorage",
        systemPackage,
      ], rawMemory: true),
    // A checkpoint as a page of HTML; its style and scripts become part of the program.
    library(
      "CoppiceReport",
      [
        "Coppice", "CoppiceCore", "CoppiceDigest", "CoppiceFiles", "CoppiceInterop",
        "CoppiceMaintenance", "CoppiceModel", systemPackage,
      ], resources: [.embedInCode("Page")]),
    // A client of the products: it sees only what is public.
    .target(
      name: "CoppiceCommands",
      dependencies: [
        "Coppice", "CoppiceConformance", "CoppiceInterop", "CoppiceMaintenance", "CoppiceReport",
        arguments, systemPackage,
      ],
      packageAccess: false, swiftSettings: memorySettings),
    tool("CoppiceTool", ["Coppice", "CoppiceCommands", withMPI("CoppiceMPI")]),
    tool("CoppiceHDF5Worker", ["CoppiceHDF5Inspection"]),

    // Tests: one target a module, small; the formats' cases are data.
    .target(
      name: "CoppiceTestSupport",
      dependencies: [
        "CoppiceDigest", "CoppiceModel", "CoppiceFiles", "CoppiceJSON", systemPackage,
      ],
      path: "Tests/CoppiceTestSupport", swiftSettings: settings),
    tests(
      "CoppiceModel", ["CoppiceModel", "CoppiceTestSupport", systemPackage],
      exclude: [
        "Casts/generate.py", "Casts/Vectors", "Statistics/generate.py", "Statistics/values.tsv",
        "Texts",
      ]),
    tests("CoppiceProcessGroup", ["CoppiceProcessGroup", "CoppiceModel"]),
    tests("CoppiceFiles", ["CoppiceFiles", "CoppiceModel", "CoppiceTestSupport", systemPackage]),
    tests("CoppiceJSON", ["CoppiceJSON", "CoppiceModel", "CoppiceTestSupport"]),
    tests("CoppiceHDF5", ["CoppiceHDF5", "CoppiceTestSupport", systemPackage]),
    tests("CoppiceCompression", ["CoppiceCompression", "CoppiceModel", "CoppiceTestSupport"]),
    tests(
      "CoppiceHDF5Inspection",
      [
        "CoppiceHDF5Inspection", "CoppiceFiles", "CoppiceHDF5", "CoppiceModel",
        "CoppiceTestSupport",
        systemPackage,
      ]),
    tests(
      "CoppiceFormat",
      ["CoppiceFormat", "CoppiceModel", "CoppiceJSON", "CoppiceTestSupport", systemPackage]),
    tests(
      "CoppiceStorage",
      [
        "CoppiceStorage", "Coppice", "CoppiceFormat", "CoppiceMaintenance", "CoppiceModel",
        "CoppiceTestSupport", "CoppiceFiles", "CoppiceHDF5", systemPackage,
      ], exclude: ["view.py"]),
    tests(
      "Coppice",
      [
        "Coppice", "CoppiceClientManyProcesses", "CoppiceCore", "CoppiceFormat",
        "CoppiceMaintenance", "CoppiceModel", "CoppiceProcessGroup", "CoppiceRuns", "CoppiceState",
        "CoppiceStorage",
        "CoppiceTestSupport", "CoppiceVersion0",
        "CoppiceFiles", "CoppiceHDF5", "CoppiceJSON", systemPackage,
      ]),
    tests(
      "CoppiceSafetensors",
      [
        "CoppiceSafetensors", "CoppiceDigest", "CoppiceModel", "CoppiceFiles", "CoppiceTestSupport",
        systemPackage,
      ]),
    tests(
      "CoppiceFlax",
      ["CoppiceFlax", "CoppiceModel", "CoppiceFiles", "CoppiceTestSupport", systemPackage]),
    tests(
      "CoppiceGGUF",
      [
        "CoppiceGGUF", "CoppiceDigest", "CoppiceModel", "CoppiceFiles", "CoppiceTestSupport",
        systemPackage,
      ]),
    tests(
      "CoppiceHDF5Tree",
      [
        "CoppiceHDF5Tree", "CoppiceModel", "CoppiceFiles", "CoppiceHDF5", "CoppiceHDF5Inspection",
        "CoppiceTestSupport",
        systemPackage,
      ]),
    tests(
      "CoppiceZip",
      ["CoppiceZip", "CoppiceModel", "CoppiceFiles", "CoppiceTestSupport", systemPackage]),
    tests(
      "CoppiceNumPy",
      ["CoppiceNumPy", "CoppiceModel", "CoppiceFiles", "CoppiceTestSupport", systemPackage]),
    tests(
      "CoppicePyTorch",
      [
        "CoppicePyTorch", "CoppiceModel", "CoppiceFiles", "CoppiceZip", "CoppiceTestSupport",
        systemPackage,
      ]),
    tests(
      "CoppiceZarr",
      [
        "CoppiceZarr", "CoppiceDigest", "CoppiceModel", "CoppiceFiles", "CoppiceJSON",
        "CoppiceTestSupport", systemPackage,
      ], exclude: ["Fixtures"]),
    tests(
      "CoppiceOrbax",
      [
        "CoppiceOrbax", "CoppiceDigest", "CoppiceModel", "CoppiceFiles",
        "CoppiceCompression", "CoppiceJSON",
        "CoppiceTestSupport", "CoppiceZarr", systemPackage,
      ], exclude: ["Fixtures"]),
    tests(
      "CoppiceInterop",
      [
        "CoppiceInterop", "Coppice", "CoppiceFormat", "CoppiceMaintenance", "CoppiceModel",
        "CoppiceTestSupport", "CoppiceFiles",
        "CoppiceStorage", "CoppiceSafetensors", systemPackage,
      ]),
    tests(
      "CoppiceReport",
      ["CoppiceReport", "Coppice", "CoppiceFiles", "CoppiceTestSupport", systemPackage]),
    tests(
      "Spec",
      ["CoppiceConformance", "CoppiceDigest", "CoppiceFiles", "CoppiceTestSupport", systemPackage]),
    tests(
      "Conformance",
      [
        "CoppiceConformance", "Coppice", "CoppiceInterop", "CoppiceMaintenance", "CoppiceModel",
        "CoppiceTestSupport",
        "CoppiceFiles", "CoppiceJSON", systemPackage,
      ], exclude: ["Runners"]),
    tests(
      "Command",
      [
        "CoppiceCommands", "Coppice", "CoppiceInterop", "CoppiceMaintenance", "CoppiceModel",
        "CoppiceTestSupport",
        "CoppiceFiles", "CoppiceJSON", systemPackage,
      ], exclude: ["Golden"]),

    // The parsers as `make fuzz` runs them, and what it found.
    .target(
      name: "CoppiceFuzzing",
      dependencies: [
        "CCoppiceCRC32C", "CCoppiceZlib", "CoppiceCore", "CoppiceFiles", "CoppiceHDF5",
        "CoppiceHDF5Inspection", "CoppiceHDF5Tree", "CoppiceInterop", "CoppiceJSON", "CoppiceModel",
        "CoppiceOrbax", "CoppiceZarr", systemPackage,
      ], path: "Tests/Fuzz/Sources", swiftSettings: settings),
    tests("CoppiceFuzzing", ["CoppiceFuzzing", "CoppiceTestSupport"]),

    // Programs of users, which `make client` and `make faults` run.
    client("Walkthrough", ["Coppice", "CoppiceInterop"]),
    client("Upkeep", ["CoppiceInterop"]),
    // Saves steps until it is killed: Tests/Faults.
    client("Trainer", ["Coppice"]),
    // A group of processes, and its faults: Tests/MPI.
    client("MPI", ["Coppice", "CoppiceClientManyProcesses", withMPI("CoppiceMPI")]),
    // The programs of the article on many processes, which tests run on ranks of both kinds.
    client("ManyProcesses", ["Coppice"], isProgram: false),
    // Holds bytes, calls, allocations and memory of saving and loading to bounds.
    .target(
      name: "CCoppiceAllocations", path: "Tests/ClientTests/Sources/CCoppiceAllocations",
      packageAccess: false),
    client("Costs", ["CCoppiceAllocations", "Coppice"]),
  ] + (isFuzzing ? fuzzing : []),
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx20
)
