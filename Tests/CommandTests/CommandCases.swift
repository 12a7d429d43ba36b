extension CommandCase {
  private static let valid = "fixtures/1.0/valid/writer"
  private static let invalid = "fixtures/1.0/invalid"
  private static let old = "fixtures/0"
  private static let orbax = "fixtures/foreign/orbax-0.12/v1-trainstate/input/ckpt"
  /// Files with leaves that no array can represent.
  private static let trainer = "fixtures/foreign/pytorch/trainer/input/last.ckpt"
  private static let odd = "fixtures/foreign/hdf5/unsupported/input/m.h5"
  private static let quantized = "fixtures/foreign/gguf/quantized-big-endian/input/m.gguf"
  private static let split = "fixtures/foreign/gguf/split/input"

  static let all = help + listing + dumping + validating + comparing + changing + suites

  private static let help =
    [
      CommandCase("help", "--help"), CommandCase("help-version", "--version"),
      CommandCase("help-unknown-command", "frobnicate", exits: 2),
      CommandCase("help-no-path", "ls", exits: 2),
      CommandCase("help-unknown-option", "info --fast x", exits: 2),
      CommandCase("help-near-command", "lst x", exits: 2),
      CommandCase("help-near-subcommand", "fixtures verfy", exits: 2),
      CommandCase("help-near-topic", "help convrt", exits: 2),
      CommandCase("help-near-option", "convert --compres zstd a b", exits: 2),
      CommandCase("help-early-option", "--json ls x", exits: 2),
      CommandCase("help-no-source", "convert", exits: 2),
      CommandCase("help-no-target", "convert a", exits: 2),
      CommandCase("help-no-value", "convert a b --to", exits: 2),
      CommandCase("help-bad-number", "diff a b --limit many", exits: 2),
      CommandCase("help-flag-value", "convert --strict=yes a b", exits: 2),
      CommandCase("help-extra-arguments", "ls a b c", exits: 2),
      CommandCase("help-no-arguments", "formats a", exits: 2),
      CommandCase("help-unknown-shell", "--generate-completion-script csh", exits: 2),
    ]
    + [
      "ls", "info", "dump", "validate", "convert", "migrate", "diff", "repair", "report",
      "formats",
      "conformance", "fixtures", "fixtures make", "fixtures verify", "fixtures manifest",
    ].map { CommandCase("help-" + $0.replacingSpaces, "help " + $0) }

  private static let listing = [
    CommandCase("report-existing", "report \(orbax) -o README.md", exits: 2),
    CommandCase("report-bad-level", "report \(orbax) -o page.html --level all", exits: 2),
    CommandCase(
      "report-run-address", "report \(valid)/steps/checkpoint:state -o page.html", exits: 2),
    CommandCase("ls-kinds", "ls \(valid)/kinds/checkpoint"),
    CommandCase("ls-long", "ls --long \(valid)/shardings/checkpoint"),
    CommandCase("ls-random-key", "ls -l \(valid)/random-key/checkpoint"),
    CommandCase("ls-odd-keys", "ls \(valid)/odd-keys/checkpoint"),
    CommandCase("ls-part", "ls \(valid)/kinds/checkpoint:group/tree"),
    CommandCase("ls-steps", "ls \(valid)/steps/checkpoint"),
    CommandCase("ls-step", "ls --step latest \(valid)/steps/checkpoint"),
    CommandCase("ls-json", "ls --json \(valid)/kinds/checkpoint"),
    CommandCase("ls-orbax", "ls \(orbax)"),
    CommandCase("ls-version-0", "ls \(old)/valid/directory/composite/checkpoint"),
    CommandCase("ls-tolerated", "ls fixtures/1.0/tolerated/directory/missing-item/checkpoint"),
    // A missing data file is found by its name; no data file is opened.
    CommandCase(
      "ls-lost-arrays", "ls \(invalid)/directory/missing-arrays-1/checkpoint", exits: 1),
    CommandCase("ls-no-such-checkpointable", "ls \(valid)/kinds/checkpoint:stat", exits: 2),
    CommandCase("ls-step-of-none", "ls --step 3 \(valid)/plain/checkpoint", exits: 2),
    CommandCase(
      "ls-incomplete-step", "ls fixtures/1.0/invalid/directory/step-incomplete/checkpoint", exits: 1
    ),
    CommandCase("ls-no-such-node", "ls \(orbax):state/param", exits: 2),
    CommandCase("ls-list-element", "ls \(orbax):state/opt_state/0/count"),
    CommandCase("ls-no-such-step", "ls --step 7 \(valid)/steps/checkpoint", exits: 2),
    CommandCase("ls-bad-step", "ls --step last \(valid)/steps/checkpoint", exits: 2),
    CommandCase("ls-nothing", "ls fixtures/none", exits: 2),
    CommandCase("ls-near-path", "ls \(valid)/kids/checkpoint", exits: 2),
    CommandCase("ls-near-address", "ls \(valid)/kinds/chekpoint:state", exits: 2),
    CommandCase("ls-near-node", "ls \(orbax):state/param", exits: 2),
    CommandCase("ls-address", "ls gs://bucket/run:state", exits: 2),
    CommandCase("ls-packed-data", "ls \(valid)/packed/checkpoint/state/arrays.h5"),
    CommandCase("ls-error-json", "ls --json fixtures/none", exits: 2),
    CommandCase("ls-invalid", "ls \(invalid)/model/duplicate-key/checkpoint", exits: 1),
    CommandCase("ls-unsupported", "ls \(trainer)"),
    CommandCase("ls-unsupported-hdf5", "ls \(odd)"),
    CommandCase("ls-unsupported-json", "ls --json \(trainer):callbacks"),
    CommandCase("ls-quantized", "ls \(quantized)"),
    CommandCase("ls-dequantized", "ls --dequantize \(quantized)"),
    CommandCase("ls-later-split", "ls \(split)/model-00002-of-00003.gguf", exits: 1),
    CommandCase(
      "ls-unsupported-orbax", "ls fixtures/foreign/damaged/orbax-unknown-codec/input/ckpt"),
    CommandCase("ls-unsupported-module", "ls fixtures/foreign/pytorch/module/input/m.pt"),
    CommandCase(
      "ls-damaged-dataset", "ls fixtures/foreign/hdf5/damaged-header/input/m.h5", exits: 1),
    CommandCase("info-unsupported", "info \(trainer)"),
    CommandCase("formats", "formats"), CommandCase("formats-json", "formats --json"),
    CommandCase("info-kinds", "info \(valid)/kinds/checkpoint"),
    CommandCase("info-steps", "info \(valid)/steps/checkpoint"),
    CommandCase("info-json", "info --json \(valid)/kinds/checkpoint"),
    CommandCase("info-orbax", "info \(orbax)"),
    CommandCase("info-safetensors", "info fixtures/foreign/safetensors/numpy/input/m.safetensors"),
    CommandCase("info-version-0", "info \(old)/valid/directory/checkpoint-document/checkpoint"),
    CommandCase("info-future", "info fixtures/future/major-2/checkpoint", exits: 1),
  ]

  private static let dumping = [
    CommandCase("dump-values", "dump \(valid)/values/checkpoint"),
    CommandCase("dump-plain", "dump \(valid)/plain/checkpoint"),
    CommandCase("dump-json", "dump --json \(valid)/containers/checkpoint"),
    CommandCase("dump-records", "dump \(valid)/containers/checkpoint"),
    CommandCase("dump-steps", "dump \(valid)/steps/checkpoint"),
    CommandCase("dump-part", "dump \(valid)/kinds/checkpoint:group"),
    CommandCase("dump-unsupported", "dump \(trainer)", exits: 1),
    CommandCase("dump-unsupported-json", "dump --json \(trainer):callbacks", exits: 1),
    CommandCase("dump-skip-unsupported", "dump --skip-unsupported \(trainer)"),
    CommandCase("dump-damaged", "dump \(invalid)/arrays/digest-contiguous/checkpoint", exits: 1),
    CommandCase(
      "dump-unverified", "dump --no-verify \(invalid)/arrays/digest-contiguous/checkpoint"),
  ]

  private static let validating = [
    CommandCase("validate-valid", "validate \(valid)/kinds/checkpoint"),
    CommandCase("validate-steps", "validate \(valid)/steps/checkpoint"),
    CommandCase("validate-orbax", "validate \(orbax)"),
    CommandCase("validate-damaged", "validate \(invalid)/arrays/digest-chunk/checkpoint", exits: 1),
    // Only level data finds this fault.
    CommandCase(
      "validate-structure", "validate --level structure \(invalid)/arrays/digest-chunk/checkpoint"),
    CommandCase(
      "validate-document", "validate --level document \(invalid)/arrays/missing-dtype/checkpoint",
      exits: 1),
    CommandCase(
      "validate-json", "validate --json \(invalid)/sharding/shards-cut-end/checkpoint", exits: 1),
    CommandCase(
      "validate-malformed", "validate fixtures/1.0/malformed/metadata/cut-tree/checkpoint", exits: 1
    ),
    CommandCase(
      "validate-tolerated", "validate fixtures/1.0/tolerated/directory/unknown-files/checkpoint"),
    CommandCase(
      "validate-version-0", "validate \(old)/tolerated/versioning/no-metadata/checkpoint"),
    CommandCase(
      "validate-several",
      "validate \(valid)/plain/checkpoint \(orbax) \(invalid)/arrays/digest-chunk/checkpoint fixtures/none",
      exits: 1),
    CommandCase(
      "validate-several-json", "validate --json \(valid)/plain/checkpoint \(orbax) fixtures/none",
      exits: 2),
    CommandCase("validate-orbax-structure", "validate --level structure \(orbax)"),
    CommandCase(
      "validate-npz", "validate fixtures/foreign/numpy/npz-plain/input/m.npz"),
    CommandCase("validate-unsupported", "validate \(trainer)"),
    CommandCase("validate-unknown", "validate fixtures/make", exits: 1),
    CommandCase("validate-nothing", "validate fixtures/none", exits: 2),
    CommandCase(
      "validate-near-level", "validate --level strcture \(valid)/plain/checkpoint", exits: 2),
    CommandCase("validate-bad-level", "validate --level deep \(valid)/plain/checkpoint", exits: 2),
  ]

  private static let comparing = [
    CommandCase("diff-same", "diff \(valid)/plain/checkpoint \(valid)/plain/checkpoint"),
    CommandCase(
      "diff-other", "diff \(valid)/plain/checkpoint \(valid)/packed/checkpoint", exits: 1),
    CommandCase(
      "diff-values", "diff \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10", exits: 1),
    CommandCase(
      "diff-json", "diff --json \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10", exits: 1),
    CommandCase(
      "diff-tolerance",
      "diff --tolerance 1000 \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10"),
    CommandCase(
      "diff-versions",
      "diff \(old)/valid/model/containers/checkpoint \(old)/valid/model/containers/checkpoint"),
    CommandCase(
      "diff-damaged",
      "diff \(invalid)/arrays/digest-contiguous/checkpoint \(invalid)/arrays/digest-contiguous/checkpoint",
      exits: 2),
    CommandCase("diff-address", "diff \(valid)/plain/checkpoint s3://bucket/run", exits: 2),
    CommandCase(
      "diff-error-json", "diff --json \(valid)/plain/checkpoint fixtures/none", exits: 2),
    CommandCase("diff-unsupported", "diff \(trainer) \(trainer)", exits: 2),
    CommandCase("diff-nothing", "diff \(valid)/plain/checkpoint fixtures/none", exits: 2),
  ]

  private static let changing = [
    CommandCase(
      "repair-lost-tree", "repair \(invalid)/directory/missing-tree-document/checkpoint TMP/whole"),
    CommandCase(
      "repair-dry-run", "repair --dry-run \(invalid)/directory/missing-tree-document/checkpoint"),
    CommandCase(
      "repair-json", "repair --json --dry-run \(invalid)/directory/no-root-document/checkpoint"),
    CommandCase("repair-nothing", "repair --dry-run \(valid)/plain/checkpoint", exits: 1),
    CommandCase(
      "repair-lost-arrays", "repair --dry-run \(invalid)/directory/missing-arrays/checkpoint",
      exits: 1),
    CommandCase("migrate-composite", "migrate \(old)/valid/directory/composite/checkpoint TMP/new"),
    CommandCase("migrate-steps", "migrate \(old)/valid/directory/steps/checkpoint TMP/new"),
    CommandCase(
      "migrate-inferred", "migrate --dry-run \(old)/tolerated/versioning/inferred-list/checkpoint"),
    CommandCase("migrate-json", "migrate --json \(old)/valid/directory/direct/checkpoint TMP/new"),
    CommandCase("migrate-current", "migrate --dry-run \(valid)/plain/checkpoint"),
    CommandCase(
      "migrate-damaged", "migrate \(old)/invalid/arrays/gzip/checkpoint TMP/new", exits: 1),
    CommandCase(
      "migrate-two-places", "migrate --in-place \(old)/valid/directory/direct/checkpoint TMP/new",
      exits: 2),
    CommandCase("convert-orbax", "convert \(orbax) TMP/new"),
    CommandCase("convert-safetensors", "convert \(valid)/plain/checkpoint TMP/new.safetensors"),
    CommandCase("convert-json", "convert --json \(valid)/values/checkpoint TMP/new.safetensors"),
    CommandCase("convert-address", "convert \(valid)/plain/checkpoint s3://bucket/run", exits: 2),
    CommandCase("convert-unwritable", "convert \(valid)/plain/checkpoint TMP/model.pt", exits: 2),
    CommandCase(
      "convert-unwritable-named", "convert --to coppice \(valid)/plain/checkpoint TMP/model.pt"),
    CommandCase(
      "convert-contradiction", "convert --to npz \(valid)/plain/checkpoint TMP/model.h5", exits: 2),
    CommandCase(
      "convert-json-checkpointable", "convert \(valid)/kinds/checkpoint TMP/config.json", exits: 2),
    CommandCase("convert-to-output", "convert \(valid)/plain/checkpoint -", exits: 2),
    CommandCase(
      "convert-inside", "convert \(valid)/plain/checkpoint \(valid)/kinds/checkpoint/sub", exits: 2),
    CommandCase(
      "convert-replace-other", "convert --replace \(valid)/plain/checkpoint fixtures/make", exits: 2
    ),
    CommandCase(
      "convert-replace-source",
      "convert --replace \(valid)/plain/checkpoint \(valid)/plain/checkpoint", exits: 2),
    CommandCase(
      "convert-replace-run",
      "convert --replace \(valid)/plain/checkpoint \(valid)/steps/checkpoint",
      exits: 2),
    CommandCase(
      "convert-replace-dry-run",
      "convert --dry-run --replace \(valid)/plain/checkpoint \(valid)/packed/checkpoint"),
    CommandCase(
      "convert-replace-json",
      "convert --json --dry-run --replace \(valid)/single-leaf/checkpoint \(valid)/packed/checkpoint"
    ),
    CommandCase("convert-zstd", "convert --compress zstd \(valid)/plain/checkpoint TMP/new"),
    CommandCase("convert-existing", "convert \(valid)/plain/checkpoint fixtures/make", exits: 2),
    CommandCase(
      "convert-damaged", "convert \(invalid)/arrays/digest-contiguous/checkpoint TMP/new", exits: 1),
    CommandCase(
      "convert-bad-dtype", "convert --cast '**=float17' \(valid)/plain/checkpoint TMP/new", exits: 2
    ),
    CommandCase(
      "convert-bad-cast", "convert --cast float16 \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-bad-mode", "convert --cast-mode fast \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-bad-level", "convert --compress zstd:99 \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-bad-size", "convert --max-file-size 0 \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-shard-plan",
      "convert --dry-run --shard '*kernel=4x2' --shard 'bias=2' --data-files 3 \(valid)/plain/checkpoint TMP/new"
    ),
    CommandCase(
      "convert-shard-json",
      "convert --dry-run --json --shard '**=4' --compress zstd --chunk '**=2' \(valid)/single-leaf/checkpoint TMP/new"
    ),
    CommandCase(
      "convert-shard-too-many", "convert --shard '**=2x2' \(valid)/plain/checkpoint TMP/new",
      exits: 2),
    CommandCase(
      "convert-shard-no-match", "convert --shard 'state/**=2' \(valid)/plain/checkpoint TMP/new",
      exits: 2),
    CommandCase(
      "convert-shard-refused", "convert --shard kernel=2 \(valid)/plain/checkpoint TMP/new.npz",
      exits: 2),
    CommandCase(
      "convert-bad-shard", "convert --shard kernel=2x0 \(valid)/plain/checkpoint TMP/new", exits: 2
    ),
    CommandCase(
      "convert-bad-data-files", "convert --data-files 0 \(valid)/plain/checkpoint TMP/new", exits: 2
    ),
    CommandCase(
      "convert-data-files-refused",
      "convert --data-files 2 --to orbax \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-chunk-plan",
      "convert --dry-run --to orbax --chunk kernel=2x100 \(valid)/plain/checkpoint TMP/new"),
    CommandCase(
      "convert-chunk-refused",
      "convert --chunk kernel=2 \(valid)/plain/checkpoint TMP/new.safetensors", exits: 2),
    CommandCase(
      "convert-chunk-uncompressed", "convert --chunk kernel=2 \(valid)/plain/checkpoint TMP/new",
      exits: 2),
    CommandCase(
      "convert-bad-format", "convert --to zarr \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-salvage",
      "convert --salvage --json \(invalid)/arrays/digest-contiguous/checkpoint TMP/new"),
    CommandCase("convert-node", "convert --dry-run \(orbax):state/params/params/Dense_0 TMP/new"),
    CommandCase("convert-no-such-node", "convert \(orbax):state/param TMP/new", exits: 2),
    CommandCase(
      "convert-near-format", "convert --to safetensor \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-near-mode", "convert --cast-mode roundin \(valid)/plain/checkpoint TMP/new", exits: 2
    ),
    CommandCase(
      "convert-near-layout",
      "convert --to orbax --layout directoris \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase("convert-unsupported", "convert \(trainer) TMP/new", exits: 1),
    CommandCase("convert-unsupported-hdf5", "convert \(odd) TMP/new", exits: 1),
    CommandCase("convert-skip-unsupported", "convert --skip-unsupported \(trainer) TMP/new"),
    CommandCase(
      "convert-skip-unsupported-plan", "convert --dry-run --skip-unsupported \(odd) TMP/new"),
    CommandCase(
      "convert-select-supported", "convert --select 'state_dict/**' \(trainer) TMP/new"),
    CommandCase(
      "convert-nothing-remains",
      "convert --skip-unsupported fixtures/foreign/pytorch/module/input/m.pt TMP/new", exits: 1),
    CommandCase("convert-no-parent", "convert \(valid)/plain/checkpoint TMP/none/new", exits: 2),
  ]

  private static let suites = [
    CommandCase("conformance-own", "conformance --filter 1.0/valid/writer"),
    CommandCase(
      "conformance-wrong-runner",
      "conformance --fixtures TMP/suite --filter 1.0/valid/model/root-* --runner 'sh Tests/ConformanceTests/Runners/refuses-all.sh'",
      exits: 1),
    CommandCase(
      "conformance-json",
      "conformance --fixtures TMP/suite --json --filter 1.0/valid/model/root-none --runner 'sh Tests/ConformanceTests/Runners/refuses-all.sh'",
      exits: 1),
    CommandCase(
      "conformance-no-runner",
      "conformance --fixtures TMP/suite --filter 1.0/valid/model/root-none --runner /nonexistent/reader",
      exits: 2),
    CommandCase(
      "conformance-no-case", "conformance --fixtures TMP/suite --filter 2.0", exits: 2),
    CommandCase("conformance-elsewhere", "conformance --fixtures TMP/none", exits: 2),
    CommandCase("conformance-no-suite", "conformance --fixtures Sources", exits: 2),
    CommandCase("fixtures-manifest-no-suite", "fixtures manifest --fixtures Sources", exits: 2),
  ]
}

extension String {
  fileprivate var replacingSpaces: String { String(map { $0 == " " ? "-" : $0 }) }
}
