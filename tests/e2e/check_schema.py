# SPDX-License-Identifier: Apache-2.0
"""check_schema.py SCHEMA DOCUMENT...: checks the parts of JSON Schema that our schemas use, and refuses
schemas that use others, so that nothing passes unchecked. Documents
that end in .yaml are read by the rules of our own reader: true and false, numbers, all else is text."""
import json, re, sys

KNOWN = {'$schema', '$id', '$defs', '$ref', 'title', 'description', '$comment', 'type', 'properties', 'required',
         'additionalProperties', 'items', 'enum', 'const', 'minimum', 'maximum', 'exclusiveMinimum',
         'exclusiveMaximum', 'minItems', 'maxItems', 'pattern', 'minLength', 'format', 'anyOf', 'oneOf', 'propertyNames', 'minProperties', 'maxProperties'}
TYPES = {'object': dict, 'array': list, 'string': str, 'boolean': bool, 'null': type(None)}
root = json.load(open(sys.argv[1]))
errors = []


def has_type(value, name):
    if name in ('number', 'integer'):
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        return good and (name == 'number' or float(value).is_integer())
    return isinstance(value, TYPES[name])


def check(schema, value, where):
    unknown = set(schema) - KNOWN
    if unknown:
        raise SystemExit(f'the schema uses {unknown}, which this check does not know')
    if '$ref' in schema:
        at = root
        for step in schema['$ref'].lstrip('#/').split('/'):
            at = at[step]
        check(at, value, where)
    for key in ('anyOf', 'oneOf'):
        if key in schema:
            before = len(errors)
            fits = 0
            for option in schema[key]:
                mark = len(errors)
                check(option, value, where)
                fits += len(errors) == mark
                del errors[mark:]
            del errors[before:]
            if fits == 0:
                errors.append(f'{where}: none of {key}')
    if 'type' in schema:
        names = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
        if not any(has_type(value, n) for n in names):
            errors.append(f'{where}: not {names}: {value!r:.60}')
            return
    if 'const' in schema and value != schema['const']:
        errors.append(f'{where}: not {schema["const"]}')
    if 'enum' in schema and value not in schema['enum']:
        errors.append(f'{where}: {value!r} is none of {schema["enum"]}')
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get('minimum', value) or value > schema.get('maximum', value):
            errors.append(f'{where}: {value} out of range')
    if isinstance(value, str) and 'pattern' in schema and not re.search(schema['pattern'], value):
        errors.append(f'{where}: {value!r:.60} does not match {schema["pattern"]}')
    if isinstance(value, str) and schema.get('format') == 'date-time' and \
            not re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z', value):
        errors.append(f'{where}: {value!r:.60} is no RFC 3339 time')
    if isinstance(value, dict):
        properties = schema.get('properties', {})
        other = schema.get('additionalProperties', True)
        if not schema.get('minProperties', 0) <= len(value) <= schema.get('maxProperties', len(value)):
            errors.append(f'{where}: {len(value)} keys')
        for key in schema.get('required', []):
            if key not in value:
                errors.append(f'{where}: {key} is missing')
        for key, item in value.items():
            if key in properties:
                check(properties[key], item, f'{where}/{key}')
            elif other is False:
                errors.append(f'{where}: {key} is not allowed')
            elif isinstance(other, dict):
                check(other, item, f'{where}/{key}')
            check(schema.get('propertyNames', {}), key, f'{where}/{key}')
    if isinstance(value, list) and \
            not schema.get('minItems', 0) <= len(value) <= schema.get('maxItems', len(value)):
        errors.append(f'{where}: {len(value)} items')
    if isinstance(value, list) and 'items' in schema:
        for i, item in enumerate(value):
            check(schema['items'], item, f'{where}/{i}')


def plain(node):
    if node.id == 'mapping':
        return {key.value: plain(value) for key, value in node.value}
    if node.id == 'sequence':
        return [plain(item) for item in node.value]
    if node.style is None:
        if node.value in ('true', 'false', 'null', '~', ''):
            return {'true': True, 'false': False}.get(node.value)
        if re.fullmatch(r'-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?', node.value):
            return json.loads(node.value)
    return node.value


def load(path):
    if not path.endswith('.yaml'):
        return json.load(open(path))
    import yaml  # only where it is needed
    return plain(yaml.compose(open(path, encoding='utf-8'), Loader=yaml.BaseLoader))


for path in sys.argv[2:]:
    check(root, load(path), path if len(sys.argv) > 3 else '')
print('\n'.join(errors[:20]))
sys.exit(1 if errors else 0)
