import avro, {type Schema, type Type, type types} from 'avsc';

/** avsc's types by their kind. */
export const isRecord = (type: Type): type is types.RecordType =>
  type.typeName === 'record' || type.typeName === 'error';
export const isArray = (type: Type): type is types.ArrayType => type.typeName === 'array';
export const isMap = (type: Type): type is types.MapType => type.typeName === 'map';
export const isUnion = (type: Type): type is types.UnwrappedUnionType => type.typeName.startsWith('union:');
export const isFixed = (type: Type): type is types.FixedType => type.typeName === 'fixed';
export const isEnum = (type: Type): type is types.EnumType => type.typeName === 'enum';
export const isLogical = (type: Type): type is types.LogicalType => type.typeName.startsWith('logical:');

/** The library's own typing of this is `any`. */
export const valuesOf = (type: types.MapType): Type => type.valuesType as Type;

/** A logical type whose values stay as they are: avsc forgets one that nobody gives a class for. */
class Kept extends avro.types.LogicalType {
  override _fromValue(value: unknown): unknown {
    return value;
  }
  override _toValue(value: unknown): unknown {
    return value;
  }
}

/** A time in microseconds, as the number that it is. */
class TimestampMicros extends Kept {}

/** Days since the epoch. */
class DateOfDays extends Kept {}

/** Decimal digits over bytes (Avro specification 1.12, "Decimal"); the scale is that of the schema. */
class Decimal extends Kept {
  readonly scale: number;
  constructor(schema: Schema, options?: ConstructorParameters<typeof avro.types.LogicalType>[1]) {
    super(schema, options);
    this.scale = typeof schema === 'object' && 'scale' in schema ? Number(schema['scale']) : 0;
  }
}

/**
 * What a writer's schema is parsed with; avsc keeps the names it has seen in it, so each schema gets its own.
 * Milliseconds and UUIDs need no class: they are numbers and texts as they stand.
 */
export const writerOptions = () => ({
  logicalTypes: {
    'timestamp-micros': TimestampMicros,
    'local-timestamp-micros': TimestampMicros,
    'time-micros': TimestampMicros,
    date: DateOfDays,
    decimal: Decimal,
  },
});

export const isMicros = (type: Type): boolean => type instanceof TimestampMicros;
export const isDecimal = (type: Type): type is Decimal => type instanceof Decimal;
export const isDate = (type: Type): boolean => type instanceof DateOfDays;
