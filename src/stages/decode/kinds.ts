import avro, {type Type, type types} from 'avsc';

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

/** A time in microseconds, as the number that it is. avsc forgets a logical type that nobody gives a class for. */
class TimestampMicros extends avro.types.LogicalType {
  override _fromValue(value: number): number {
    return value;
  }
  override _toValue(value: number): number {
    return value;
  }
}

/**
 * What a writer's schema is parsed with; avsc keeps the names it has seen in it, so each schema gets its own.
 * Milliseconds and UUIDs need no class: they are numbers and texts as they stand.
 */
export const writerOptions = () => ({logicalTypes: {'timestamp-micros': TimestampMicros}});

export const isMicros = (type: Type): boolean => type instanceof TimestampMicros;
