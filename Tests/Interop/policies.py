"""What the policies and step names of Orbax and Flax answer: the expectations of the tests of ours.

Needs orbax-checkpoint 0.12.8 and flax 0.12.8. Prints Tests/CoppiceTests/Checkpointer/PolicyVectors.swift.
"""
import dataclasses
import datetime
import os
import random
import tempfile

from orbax.checkpoint._src.checkpoint_managers import preservation_policy as pp
from orbax.checkpoint._src.path import step as step_lib
from flax.training import checkpoints as flax_ck

@dataclasses.dataclass
class Info:
  step: int
  time: datetime.datetime
  metrics: dict | None

now = datetime.datetime.now(tz=datetime.timezone.utc)
random.seed(20261121)

def run(seed_steps, times, accs):
  return [Info(s, now - datetime.timedelta(seconds=t), None if a is None else {'acc': a})
          for s, t, a in zip(seed_steps, times, accs)]

runs = []
for k in range(6):
  n = [0, 1, 5, 9, 12, 14][k]
  steps = sorted(random.sample(range(0, 60), n))
  if k == 3: steps = list(range(0, 90, 10))
  if k == 4: steps = [0, 2, 5, 6, 10, 14, 15, 25, 26, 35, 45, 47]
  ages = sorted(random.sample(range(5, 2000, 10), n), reverse=True)
  accs = [random.choice([None, 0.1, 0.5, 0.5, 0.7, 0.9, -1.0, 2.0]) for _ in range(n)]
  if k == 5: accs = [random.choice([0.5, 0.7]) for _ in range(n)]
  runs.append((steps, ages, accs))

acc = lambda m: m['acc']
policies = []
for n in [None, 0, 1, 3, 20]:
  policies.append((f'latest {n}' if n is not None else 'all', pp.LatestN(n)))
for s in [1, 100, 500]:
  policies.append((f'seconds {s}', pp.EveryNSeconds(s)))
for n in [1, 5, 10]:
  for m in [None, 1, 2]:
    for exact in [True, False]:
      policies.append((f'steps {n} {"exact" if exact else "loose"} {m if m is not None else "-"}', pp.EveryNSteps(n, exact, m)))
    policies.append((f'closest {n} {m if m is not None else "-"}', pp.EveryNStepsClosest(n, m)))
policies.append(('custom 0 5 10 47', pp.CustomSteps([0, 5, 10, 47])))
for n in [0, 1, 2, 4]:
  for rev in [False, True]:
    for keep in [True, False]:
      policies.append((f'best {n} {"min" if rev else "max"} {"keep" if keep else "drop"}',
        pp.BestN(get_metric_fn=acc, reverse=rev, n=n, keep_checkpoints_without_metrics=keep)))
for s in [50, 800]:
  policies.append((f'within {s}', pp.LatestDuration(datetime.timedelta(seconds=s))))
policies.append(('best-and-latest', pp.AnyPreservationPolicy([pp.BestN(get_metric_fn=acc, n=1, keep_checkpoints_without_metrics=False), pp.LatestN(1)])))
policies.append(('period-and-latest', pp.AnyPreservationPolicy([pp.EveryNSteps(10), pp.LatestN(2)])))

def swift(v):
  return 'nil' if v is None else repr(v)


def words(values):
  return ' '.join(str(v) for v in values)


def section(name, summary, lines):
  print()
  print('  /// ' + summary)
  print(f'  static let {name} = """')
  for line in lines:
    print('    ' + line.rstrip())
  print('    """')


def preserved(policy, run_):
  infos = run(*run_)
  if not infos:
    return ''
  kept = policy.should_preserve(infos, context=pp.PreservationContext())
  return words(i.step for i, keep in zip(infos, kept) if keep)


FORMATS = [('-', '-'), ('step', '-'), ('-', 4), ('run_a', 4), ('checkpoint', 1), ('-', 0)]
NAMES = ['0', '7', '07', '0007', '00007', '12345', 'step_7', 'step_07', 'step_', 'step7',
         'run_a_0007', 'run_a_12345', 'run_a_00012', 'run_a_7', 'checkpoint_0', 'checkpoint_12',
         'checkpoint_012', 'xstep_7', '7x', '-7', 'x', 'checkpoint_7.orbax-checkpoint-tmp']


def names():
  for prefix, length in FORMATS:
    f = step_lib.standard_name_format(
        step_prefix=None if prefix == '-' else prefix,
        step_format_fixed_length=None if length == '-' else length)
    written = words(f.build_name(s) for s in (0, 7, 123456))
    with tempfile.TemporaryDirectory() as d:
      for n in NAMES:
        os.mkdir(os.path.join(d, n))
        open(os.path.join(d, n, 'commit_success.txt'), 'w').close()
      read = sorted((m.path.name, m.step) for m in f.find_all(d))
    yield f'{prefix} {length} | {written} | ' + words(f'{n}={s}' for n, s in read)


SORTED = [['file_1', 'file_10', 'file_2'], ['file_0.1', 'file_-0.2', 'file_2.0'],
          ['ckpt_1e-3', 'ckpt_2', 'ckpt_1e2', 'ckpt_.5', 'ckpt_5.'], ['b_2', 'a_10', 'a_9', 'a_', 'a'],
          ['checkpoint_9', 'checkpoint_10', 'checkpoint_100', 'checkpoint_099', 'checkpoint_tmp'],
          ['m2_1', 'm10_0', 'm2_-1', 'm2_+3'], ['a-1', 'a-2', 'a+.e1', 'a.', 'a1.5e', 'a1.5']]


def flax_keep(steps, keep, every, new, overwrite):
  with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, f'checkpoint_{new}')
    for s in [*steps, new]:
      open(os.path.join(d, f'checkpoint_{s}'), 'w').close()
    flax_ck._remove_invalid_ckpts(
        path, os.path.join(d, 'checkpoint_'), keep, overwrite, every, False)
    return words(sorted(int(n.split('_')[1]) for n in os.listdir(d)))


def flax():
  for steps, new in [([0, 1, 2, 3, 4], 5), ([0, 10, 20, 25, 30, 45], 50), ([1, 2, 3], 4),
                     ([0, 5, 10, 15, 20], 10), ([3, 7, 8, 20], 25)]:
    for keep in [1, 2, 4]:
      for every in [None, 5, 20]:
        for overwrite in [False, True]:
          if overwrite or new not in steps:
            yield (f'{words(steps)} | {new} {keep} {every or "-"} '
                   f'{"overwrite" if overwrite else "-"} | '
                   + flax_keep(steps, keep, every, new, overwrite))


print('/// What Orbax 0.12.8 and Flax 0.12.8 themselves answer: made by Tests/Interop/policies.py.')
print('enum PolicyVectors {', end='')
section('runs', 'Runs: step, age in seconds, and the metric `acc` where there is one.',
        [words(f'{s}/{a}/{"-" if m is None else m}' for s, a, m in zip(*r)) or '-' for r in runs])
section('preserved', 'A policy, and for each run the steps that it preserves.',
        [name + ' | ' + ' | '.join(preserved(p, r) for r in runs) for name, p in policies])
section('names', 'Prefix, digits; the names of steps 0, 7, 123456; and the names that are read.', names())
section('candidates', 'The names that were there to be read.', NAMES)
section('sorted', 'Names as Flax sorts them.', [words(flax_ck.natural_sort(l)) for l in SORTED])
section('flax', 'Steps before; the step saved, `keep`, `keep_every_n_steps`, `overwrite`; what is left.',
        flax())
print('}')
