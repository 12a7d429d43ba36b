extension CommandCase {
  private static let valid = "fixtures/1.0/valid/writer"
  private static let invalid = "fixtures/1.0/invalid"
  private static let old = "fixtures/0"
  private static let orbax = "fixtures/foreign/orbax-0.12/v1-trainstate/input/ckpt"
  /// An array of two dimensions.
  private static let matrix = orbax + ":state/params/params/Dense_0/kernel"
  /// A run of steps with metrics.
  private static let managed = "fixtures/foreign/orbax-0.10/0.10.3-manager/input/run"
  /// Files with leaves that no array can represent.
  private static let trainer = "fixtures/foreign/pytorch/trainer/input/last.ckpt"
  private static let odd = "fixtures/foreign/hdf5/unsupported/input/m.h5"
  private static let values = "fixtures/foreign/pytorch/foreign-values/input/m.pt"
  /// Files and sets of which a part is missing.
  private static let lost = "fixtures/foreign/damaged/torch-missing-storage/input/m.pt"
  private static let incomplete =
    "fixtures/foreign/damaged/safetensors-sharded-missing-shard/input/hf"
  private static let quantized = "fixtures/foreign/gguf/quantized-big-endian/input/m.gguf"
  private static let split = "fixtures/foreign/gguf/split/input"

  static let all =
    help + listing + showing + counting + dumping + validating + comparing + changing + pruning
    + suites

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
      CommandCase("help-extra-arguments", "info a b c", exits: 2),
      CommandCase("help-no-arguments", "formats a", exits: 2),
      CommandCase("help-unknown-shell", "--generate-completion-script csh", exits: 2),
      CommandCase("help-no-path-json", "ls --json", exits: 2),
    ]
    + [
      "ls", "info", "show", "stats", "dump", "validate", "convert", "migrate", "diff", "repair",
      "prune", "report",
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
    CommandCase("ls-depth", "ls --depth 2 \(orbax)"),
    CommandCase("ls-depth-json", "ls --json --depth 1 \(orbax)"),
    CommandCase("ls-bad-depth", "ls --depth 0 \(orbax)", exits: 2),
    CommandCase("ls-fold", "ls --fold \(orbax)"),
    CommandCase("ls-fold-depth", "ls --fold --depth 4 --sort size \(orbax):state"),
    CommandCase("ls-sort-size", "ls --sort size \(valid)/kinds/checkpoint"),
    CommandCase("ls-sort-name", "ls --sort name \(orbax):state/opt_state"),
    CommandCase("ls-bad-sort", "ls --sort siz \(orbax)", exits: 2),
    CommandCase("ls-pattern", "ls '\(orbax):state/**/kernel'"),
    CommandCase("ls-pattern-numbers", "ls '\(orbax):state/params/params/Dense_{0..1}/bias'"),
    CommandCase("ls-pattern-nothing", "ls '\(orbax):state/**/kern'", exits: 2),
    CommandCase("ls-pattern-malformed", "ls '\(orbax):state/[a'", exits: 2),
    CommandCase("ls-several", "ls \(valid)/plain/checkpoint \(valid)/steps/checkpoint"),
    CommandCase(
      "ls-several-json",
      "ls --json \(valid)/plain/checkpoint fixtures/none \(valid)/steps/checkpoint",
      exits: 2),
    CommandCase("ls-where", "ls --where \(valid)/plain/checkpoint"),
    CommandCase("ls-where-packed", "ls --where --sort size \(valid)/packed/checkpoint"),
    CommandCase("ls-where-json", "ls --json --where \(valid)/compressed/checkpoint"),
    CommandCase("ls-where-shards", "ls --where \(valid)/sharded/checkpoint"),
    CommandCase(
      "ls-where-safetensors", "ls --where fixtures/foreign/safetensors/numpy/input/m.safetensors"),
    CommandCase("ls-where-orbax", "ls --where \(orbax):state/step"),
    CommandCase("ls-where-npz", "ls --where fixtures/foreign/numpy/npz-plain/input/m.npz"),
    CommandCase("ls-best-step", "ls --step best:loss:min \(managed)"),
    CommandCase("ls-near-metric", "ls --step best:los:min \(managed)", exits: 2),
    CommandCase("ls-bad-goal", "ls --step best:loss:least \(managed)", exits: 2),
    CommandCase("ls-step-range", "ls --step 1..9 \(valid)/steps/checkpoint"),
    CommandCase("ls-empty-range", "ls --step 11..99 \(valid)/steps/checkpoint", exits: 2),
    CommandCase("ls-bad-range", "ls --step 9..1 \(valid)/steps/checkpoint", exits: 2),
    CommandCase("ls-managed-steps", "ls \(managed)"),
    CommandCase("ls-steps-json", "ls --json \(managed)"),
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
    CommandCase("ls-matlab", "ls fixtures/foreign/matlab/as-matlab/input/m.mat"),
    CommandCase("ls-classic", "ls fixtures/foreign/netcdf/refused-classic/input/m.nc", exits: 1),
    CommandCase(
      "diff-in-the-words-of-the-tool",
      "diff fixtures/foreign/hdf5/refused-vlen/input/m.h5 fixtures/foreign/hdf5/refused-compound/input/m.h5",
      exits: 2),
    CommandCase("ls-raw", "ls --raw fixtures/foreign/hdf5/unsupported/input/m.h5"),
    CommandCase("ls-sequences", "ls --sequences fixtures/foreign/netcdf/refused-types/input/m.nc"),
    CommandCase("ls-unsupported-json", "ls --json \(trainer):callbacks"),
    CommandCase("ls-quantized", "ls \(quantized)"),
    CommandCase("ls-dequantized", "ls --dequantize \(quantized)"),
    CommandCase("ls-later-split", "ls \(split)/model-00002-of-00003.gguf", exits: 1),
    CommandCase(
      "ls-unsupported-orbax", "ls fixtures/foreign/damaged/orbax-unknown-codec/input/ckpt"),
    CommandCase("ls-unsupported-function", "ls fixtures/foreign/pytorch/function/input/m.pt"),
    CommandCase(
      "ls-unsupported-objects", "ls fixtures/foreign/pytorch/foreign-objects-4/input/m.pt"),
    CommandCase(
      "ls-unsupported-tensors", "ls fixtures/foreign/pytorch/foreign-tensors/input/m.pt"),
    CommandCase("ls-unsupported-values", "ls \(values)"),
    CommandCase("ls-unsupported-selected", "ls \(values):inner/0"),
    CommandCase(
      "ls-unsupported-types", "ls fixtures/foreign/hdf5/unsupported-types/input/m.h5"),
    CommandCase(
      "ls-unsupported-filters", "ls fixtures/foreign/hdf5/unsupported-filters/input/m.h5"),
    CommandCase(
      "ls-unsupported-names", "ls fixtures/foreign/hdf5/unsupported-names/input/m.h5"),
    CommandCase("ls-unsupported-npz", "ls fixtures/foreign/numpy/npz-unsupported/input/m.npz"),
    CommandCase("ls-unsupported-npy", "ls fixtures/foreign/damaged/npy-object/input/x.npy"),
    CommandCase(
      "ls-unsupported-safetensors",
      "ls fixtures/foreign/damaged/safetensors-unknown-dtype/input/m.safetensors"),
    CommandCase("ls-lost-tensor", "ls \(lost)", exits: 1),
    CommandCase("ls-lost-file", "ls \(incomplete)", exits: 1),
    CommandCase(
      "ls-damaged-dataset", "ls fixtures/foreign/hdf5/damaged-header/input/m.h5", exits: 1),
    CommandCase("info-unsupported", "info \(trainer)"),
    CommandCase("info-unsupported-json", "info --json \(trainer)"),
    CommandCase("formats", "formats"), CommandCase("formats-json", "formats --json"),
    CommandCase("info-kinds", "info \(valid)/kinds/checkpoint"),
    CommandCase("info-steps", "info \(valid)/steps/checkpoint"),
    CommandCase("info-json", "info --json \(valid)/kinds/checkpoint"),
    CommandCase("info-orbax", "info \(orbax)"),
    CommandCase("info-safetensors", "info fixtures/foreign/safetensors/numpy/input/m.safetensors"),
    CommandCase("info-version-0", "info \(old)/valid/directory/checkpoint-document/checkpoint"),
    CommandCase("info-future", "info fixtures/future/major-2/checkpoint", exits: 1),
  ]

  private static let showing = [
    CommandCase("show-array", "show \(orbax):state/params/params/Dense_0/kernel"),
    CommandCase("show-branch", "show \(valid)/kinds/checkpoint"),
    CommandCase("show-dtypes", "show \(valid)/dtypes/checkpoint"),
    CommandCase("show-values", "show \(valid)/values/checkpoint"),
    CommandCase("show-slice", "show --slice '0, ::-1' --precision 3 \(matrix)"),
    CommandCase("show-json", "show --json \(valid)/kinds/checkpoint"),
    CommandCase("show-csv", "show --csv \(matrix)"),
    CommandCase("show-csv-several", "show --csv \(valid)/kinds/checkpoint", exits: 2),
    CommandCase("show-bad-slice", "show --slice 0:x \(matrix)", exits: 2),
    CommandCase("show-long-slice", "show --slice 0,0,0,0 \(matrix)", exits: 2),
    CommandCase("show-out-of-range", "show --slice 999 \(matrix)", exits: 2),
    CommandCase("show-no-slice", "show --slice 0 \(valid)/kinds/checkpoint", exits: 2),
    CommandCase("show-contradiction", "show --csv --json \(matrix)", exits: 2),
    CommandCase("show-run", "show \(valid)/steps/checkpoint", exits: 2),
    CommandCase("show-step", "show --step latest \(valid)/steps/checkpoint"),
    CommandCase("show-near-node", "show \(orbax):state/param", exits: 2),
    CommandCase("show-unsupported", "show \(trainer)"),
    CommandCase(
      "show-cut-json",
      "show --json fixtures/foreign/damaged/orbax-files-trailing/input/ckpt:state/zeros", exits: 1),
    CommandCase("show-damaged", "show \(invalid)/arrays/digest-contiguous/checkpoint", exits: 1),
    CommandCase(
      "show-damaged-json", "show --json \(invalid)/arrays/digest-contiguous/checkpoint", exits: 1),
  ]

  private static let counting = [
    CommandCase(
      "stats-file", "stats fixtures/foreign/numpy/npz-plain/input/m.npz"),
    CommandCase("stats-orbax", "stats \(orbax)"),
    CommandCase("stats-depth", "stats --depth 2 \(orbax)"),
    CommandCase("stats-dtypes", "stats \(valid)/dtypes/checkpoint"),
    CommandCase("stats-json", "stats --json \(valid)/dtypes/checkpoint"),
    CommandCase("stats-nan", "stats --nan \(valid)/dtypes/checkpoint", exits: 1),
    CommandCase("stats-finite", "stats --nan \(orbax)"),
    CommandCase("stats-run", "stats \(valid)/steps/checkpoint", exits: 2),
    CommandCase("stats-step", "stats --step 5 \(valid)/steps/checkpoint"),
    CommandCase("stats-bad-depth", "stats --depth=-1 \(orbax)", exits: 2),
    CommandCase("stats-unsupported", "stats \(trainer)"),
    CommandCase("stats-damaged", "stats \(invalid)/arrays/digest-contiguous/checkpoint", exits: 1),
    CommandCase(
      "stats-damaged-json", "stats --json \(invalid)/arrays/digest-contiguous/checkpoint", exits: 1),
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
    CommandCase("validate-quiet", "validate --quiet \(valid)/plain/checkpoint \(orbax)"),
    CommandCase(
      "validate-quiet-damaged",
      "validate -q \(valid)/plain/checkpoint \(invalid)/arrays/digest-chunk/checkpoint", exits: 1),
    CommandCase("validate-step-range", "validate --step 5..10 \(valid)/steps/checkpoint"),
    CommandCase("validate-orbax-structure", "validate --level structure \(orbax)"),
    CommandCase(
      "validate-npz", "validate fixtures/foreign/numpy/npz-plain/input/m.npz"),
    CommandCase("validate-unsupported", "validate \(trainer)"),
    CommandCase("validate-unsupported-json", "validate --json \(trainer)"),
    CommandCase("validate-lost-file", "validate \(incomplete)", exits: 1),
    CommandCase("validate-unknown", "validate fixtures/make", exits: 1),
    CommandCase("validate-nothing", "validate fixtures/none", exits: 2),
    CommandCase(
      "validate-near-level", "validate --level strcture \(valid)/plain/checkpoint", exits: 2),
    CommandCase("validate-bad-level", "validate --level deep \(valid)/plain/checkpoint", exits: 2),
  ]

  private static let comparing = [
    CommandCase(
      "diff-stats", "diff --stats \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10",
      exits: 1
    ),
    CommandCase(
      "diff-stats-json",
      "diff --stats --json \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10", exits: 1),
    CommandCase("diff-same", "diff \(valid)/plain/checkpoint \(valid)/plain/checkpoint"),
    CommandCase(
      "diff-other", "diff \(valid)/plain/checkpoint \(valid)/packed/checkpoint", exits: 1),
    CommandCase(
      "diff-values", "diff \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10", exits: 1),
    CommandCase(
      "diff-json", "diff --json \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10", exits: 1),
    CommandCase(
      "diff-quiet", "diff --quiet \(valid)/steps/checkpoint/5 \(valid)/steps/checkpoint/10",
      exits: 1
    ),
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
    CommandCase("diff-unsupported-json", "diff --json \(values) \(values)", exits: 2),
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
    CommandCase("convert-notes", "convert \(orbax) TMP/new.npz"),
    CommandCase("convert-verbose", "convert --verbose \(orbax) TMP/new.npz"),
    CommandCase("convert-quiet", "convert --quiet \(orbax) TMP/new.npz"),
    CommandCase("convert-step-range", "convert --step 0..5 \(valid)/steps/checkpoint TMP/new"),
    CommandCase("convert-json", "convert --json \(valid)/values/checkpoint TMP/new.safetensors"),
    CommandCase("convert-address", "convert \(valid)/plain/checkpoint s3://bucket/run", exits: 2),
    CommandCase("convert-unwritable", "convert \(valid)/plain/checkpoint TMP/model.nc", exits: 2),
    CommandCase("convert-unsaid", "convert \(valid)/plain/checkpoint TMP/model.bin", exits: 2),
    CommandCase(
      "convert-unwritable-named", "convert --to coppice \(valid)/plain/checkpoint TMP/model.nc"),
    CommandCase("convert-pytorch", "convert \(valid)/values/checkpoint TMP/model.pt"),
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
    CommandCase(
      "convert-gzip", "convert --compress gzip --dry-run \(valid)/plain/checkpoint TMP/new.h5"),
    CommandCase(
      "convert-gzip-coppice", "convert --compress gzip \(valid)/plain/checkpoint TMP/new", exits: 2),
    CommandCase(
      "convert-zstd-hdf5", "convert --compress zstd \(valid)/plain/checkpoint TMP/new.h5", exits: 2),
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
    CommandCase("convert-unsupported-json", "convert --json \(trainer) TMP/new", exits: 1),
    CommandCase("convert-lost-file", "convert \(incomplete) TMP/new", exits: 1),
    CommandCase("convert-salvage-lost-file", "convert --salvage \(incomplete) TMP/new"),
    CommandCase("convert-skip-unsupported", "convert --skip-unsupported \(trainer) TMP/new"),
    CommandCase(
      "convert-skip-unsupported-plan", "convert --dry-run --skip-unsupported \(odd) TMP/new"),
    CommandCase(
      "convert-select-supported", "convert --select 'state_dict/**' \(trainer) TMP/new"),
    CommandCase(
      "convert-nothing-remains",
      "convert --skip-unsupported fixtures/foreign/pytorch/function/input/m.pt TMP/new", exits: 1),
    CommandCase("convert-no-parent", "convert \(valid)/plain/checkpoint TMP/none/new", exits: 2),
  ]

  private static let pruning = [
    CommandCase(
      "prune-plan", "prune --dry-run --keep-latest 1 --keep-every 10 \(valid)/steps/checkpoint"),
    CommandCase("prune-json", "prune --json --dry-run --keep-latest 1 \(valid)/steps/checkpoint"),
    CommandCase(
      "prune-faulty",
      "prune --dry-run --keep-latest 1 fixtures/1.0/invalid/directory/step-incomplete/checkpoint"),
    CommandCase("prune-nothing-kept", "prune \(valid)/steps/checkpoint", exits: 2),
    CommandCase("prune-none", "prune --keep-latest 0 \(valid)/steps/checkpoint", exits: 2),
    CommandCase("prune-bad-best", "prune --keep-best loss:min \(valid)/steps/checkpoint", exits: 2),
    CommandCase(
      "prune-no-metric", "prune --keep-best 1:loss:min \(valid)/steps/checkpoint", exits: 2),
    CommandCase("prune-checkpoint", "prune --keep-latest 1 \(valid)/plain/checkpoint", exits: 2),
    CommandCase("prune-other-run", "prune --keep-latest 1 \(managed)", exits: 2),
    CommandCase("prune-nothing", "prune --keep-latest 1 fixtures/none", exits: 2),
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
