import {showingOf, answerWith, type Routes} from '../context.ts';
import {refuse} from '../problem.ts';
import {auditPageSchema, auditQuery} from '../schema/audit.ts';
import {flag, reasonText} from '../schema/common.ts';

/** The audit: what was decided, and what people did. */
export const auditRoutes: Routes = (api, ports) => {
  api.route({
    method: 'GET',
    url: '/api/v1/audit',
    config: {role: 'viewer'},
    schema: {
      operationId: 'searchAudit',
      summary: 'What was decided and done, the newest first',
      description:
        'Reads the newest part of the topic or the file of the config; `stopped` says what was left out, which `audit search` finds. `audit verify` proves that none was changed.',
      querystring: auditQuery.extend({unmask: flag, reason: reasonText}),
      response: {200: auditPageSchema},
    },
    handler: async (request, reply) => {
      const {cursor, limit, unmask, reason, ...filter} = request.query;
      const showing = showingOf(request, {unmask, reason});
      if (!showing.ok) return refuse(reply, showing.refusal);
      return answerWith(reply, await ports.audit(filter, {cursor, limit}, showing.value));
    },
  });
};
