"""How a person proves who they are: passwords, second factors, sign-ins, invitations, tokens."""
