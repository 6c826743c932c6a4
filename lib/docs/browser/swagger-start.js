// The pages allow no inline script, hence this file.
window.ui = window.SwaggerUIBundle({
  url: '/api/schema/?format=json',
  dom_id: '#docs',
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  // The validator is a service of other people, to which the document would be sent.
  validatorUrl: null,
});
