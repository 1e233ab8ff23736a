import {expect, test} from '@jest/globals';
import {rig} from './testing/rig.ts';

interface Operation {
  operationId: string;
  description?: string;
  security: object[];
  'x-role'?: string;
  parameters?: {name: string; in: string; required?: boolean; schema: object}[];
  requestBody?: object;
  responses: Record<string, object>;
}

const document = async () =>
  (await rig().inject('/api/openapi.json')).json<{
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
  }>();

test('the document is OpenAPI 3.1, and each operation says which role it needs', async () => {
  const {openapi, paths} = await document();
  expect(openapi).toBe('3.1.0');
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  for (const {operationId, security, responses, description = '', 'x-role': role} of operations) {
    expect(responses).toHaveProperty(['4XX']);
    if (['beginSession', 'endSession'].includes(operationId)) expect(security).toEqual([]);
    else {
      expect(description).toContain(`Role: ${role ?? ''}.`);
      expect(['viewer', 'operator', 'approver']).toContain(role);
    }
  }
  expect(new Set(operations.map(({operationId}) => operationId)).size).toBe(operations.length);
});

test('it comes from the schemas that validate', async () => {
  const {paths} = await document();
  const list = paths['/api/v1/dead-letters']?.['get'];
  expect(list?.parameters).toContainEqual(
    expect.objectContaining({name: 'limit', in: 'query', schema: expect.objectContaining({maximum: 500})}),
  );
  const show = paths['/api/v1/dead-letters/{target}/{id}']?.['get'];
  expect(show?.parameters?.filter(({in: place}) => place === 'path').map(({name}) => name)).toEqual([
    'target',
    'id',
  ]);
  expect(paths['/api/v1/holds/approve']?.['post']).toMatchObject({'x-role': 'approver', requestBody: {}});
});
