# SPDX-License-Identifier: Apache-2.0
"""fold.py fold: perf script on standard input to folded stacks, "MODULE`FUNCTION;... COUNT" a line.
fold.py show: folded stacks to a table of modules and a tree of functions; parts below 1 percent are left
out, and a function that only calls one other stands on that one's line."""
import collections, os, re, sys

LEAST = 0.01


def fold():
    stacks, frames = collections.Counter(), []
    for line in sys.stdin:
        match = re.match(r'\s+[0-9a-f]+ (.*) \((.*)\)$', line)
        if match:
            name, module = match.groups()
            module = 'kernel' if module.startswith('[') and 'kernel' in module else os.path.basename(module)
            module = re.sub(r'\.so.*', '', module)
            name = re.sub(r'\.(isra|part|constprop|cold)\.\d+', '', name)
            frames.append(f'{module}`{"?" if name.startswith("[unknown") else name}')
        elif not line.strip() and frames:
            stacks[';'.join(reversed(frames))] += 1
            frames = []
    if frames:
        stacks[';'.join(reversed(frames))] += 1
    for stack, count in sorted(stacks.items()):
        print(stack, count)


def tidy(stack):
    """Unnamed frames of one module in a row are one; within the kernel only the call counts."""
    frames, all_frames = [], stack.split(';')
    # A stack that was cut off has no proper beginning; the command is the same in all others.
    if 'ombud`ob_cli_evaluate' in all_frames:
        all_frames = all_frames[all_frames.index('ombud`ob_cli_evaluate'):]
    for frame in all_frames:
        module, name = frame.split('`', 1)
        if module == 'kernel':
            name = re.sub(r'^(__x64_sys_|__do_sys_)', '', name) if '_sys_' in name else None
            if name is None or (frames and frames[-1].startswith('kernel')):
                continue
        if module == '[unknown]':
            continue
        if frames and name == '?' and frames[-1].split('`')[0] == module:
            continue
        frames.append(f'{module}`{name}')
    return frames


def show_tree(node, total, depth):
    for name, child in sorted(node['below'].items(), key=lambda item: -item[1]['count']):
        if child['count'] < LEAST * total:
            continue
        names = [name]
        while len(child['below']) == 1 and next(iter(child['below'].values()))['count'] == child['count']:
            name, child = next(iter(child['below'].items()))
            names.append(name)
        text = ' > '.join(n.split('`')[1] if n.startswith('ombud`') else n.replace('`', ':') for n in names)
        print(f'{100 * child["count"] / total:5.1f} %  {"  " * depth}{text}')
        show_tree(child, total, depth + 1)


def show():
    root, modules, total = {'count': 0, 'below': {}}, collections.Counter(), 0
    for line in sys.stdin:
        stack, count = line.rsplit(' ', 1)
        count = int(count)
        total += count
        modules[stack.rsplit(';', 1)[-1].split('`')[0]] += count
        node = root
        for frame in tidy(stack):
            node = node['below'].setdefault(frame, {'count': 0, 'below': {}})
            node['count'] += count
    if total == 0:
        sys.exit('flame: no samples; does perf work on this machine?')
    print(f'{total} samples\n\nby module (self)')
    for module, count in modules.most_common():
        if count >= 0.005 * total:
            print(f'{100 * count / total:5.1f} %  {module}')
    print('\nby function (with what it calls); names without a module are ours')
    show_tree(root, total, 0)


{'fold': fold, 'show': show}[sys.argv[1]]()
