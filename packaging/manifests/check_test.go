// Package manifests holds the Kubernetes examples to the API's types and to what
// packaging/replicas.md says. It is a module of its own: the program does not need
// Kubernetes's packages.
package manifests

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// manifests are the objects of one file.
type manifests struct {
	deployments []appsv1.Deployment
	services    []corev1.Service
	claims      []corev1.PersistentVolumeClaim
}

// read decodes a file; an unknown or misspelt field is an error.
func read(t *testing.T, file string) (m manifests) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for part := range bytes.SplitSeq(b, []byte("\n---\n")) {
		var kind struct{ Kind string }
		if err := yaml.Unmarshal(part, &kind); err != nil {
			t.Fatalf("%s: %v, want YAML", file, err)
		}
		switch kind.Kind {
		case "Deployment":
			m.deployments = append(m.deployments, decode[appsv1.Deployment](t, file, part))
		case "Service":
			m.services = append(m.services, decode[corev1.Service](t, file, part))
		case "PersistentVolumeClaim":
			m.claims = append(m.claims, decode[corev1.PersistentVolumeClaim](t, file, part))
		default:
			t.Errorf("%s has an object of kind %q, want one that this test knows", file, kind.Kind)
		}
	}
	return m
}

func decode[T any](t *testing.T, file string, part []byte) (object T) {
	t.Helper()
	if err := yaml.UnmarshalStrict(part, &object); err != nil {
		t.Errorf("%s: %v, want fields of the API", file, err)
	}
	return object
}

func TestManifests(t *testing.T) {
	files, err := filepath.Glob("../kubernetes*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("the manifests: got %q, %v, want two at least", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			m := read(t, file)
			if len(m.deployments) != 1 || len(m.services) == 0 {
				t.Fatalf("got %d deployments and %d services, want one deployment and a service", len(m.deployments), len(m.services))
			}
			d := m.deployments[0]
			pod := d.Spec.Template.Spec
			checkDeployment(t, d)
			checkPod(t, pod)
			checkContainer(t, pod)
			checkHosts(t, m.services, pod.Containers[0])
			for _, s := range m.services {
				for name, value := range s.Spec.Selector {
					if got := d.Spec.Template.Labels[name]; got != value {
						t.Errorf("the service %s selects %s=%s, the pods have %q", s.Name, name, value, got)
					}
				}
			}
			for _, v := range pod.Volumes {
				if c := v.PersistentVolumeClaim; c != nil && !slices.ContainsFunc(m.claims, func(o corev1.PersistentVolumeClaim) bool { return o.Name == c.ClaimName }) {
					t.Errorf("the volume %s has the claim %s, want it in the file", v.Name, c.ClaimName)
				}
			}
		})
	}
}

func checkDeployment(t *testing.T, d appsv1.Deployment) {
	t.Helper()
	for name, value := range d.Spec.Selector.MatchLabels {
		if got := d.Spec.Template.Labels[name]; got != value {
			t.Errorf("the selector has %s=%s, the pods have %q", name, value, got)
		}
	}
	onVolume := slices.ContainsFunc(d.Spec.Template.Spec.Volumes, func(v corev1.Volume) bool { return v.PersistentVolumeClaim != nil })
	if isRecreated := d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType; onVolume != isRecreated {
		t.Errorf("with a volume %v: got the strategy %q, want Recreate with a volume alone: two pods cannot have it", onVolume, d.Spec.Strategy.Type)
	}
	if onVolume && *d.Spec.Replicas != 1 {
		t.Errorf("with a volume: got %d replicas, want 1", *d.Spec.Replicas)
	}
}

func checkPod(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	stop := pod.Containers[0].Lifecycle
	if stop == nil || stop.PreStop == nil || stop.PreStop.Sleep == nil {
		t.Fatal("got no preStop, want a sleep: the service sends calls for a moment after SIGTERM")
	}
	// The server drains for 25 s and needs a moment to end.
	if got, least := *pod.TerminationGracePeriodSeconds, stop.PreStop.Sleep.Seconds+30; got < least {
		t.Errorf("terminationGracePeriodSeconds: got %d, want %d at least: preStop counts in it", got, least)
	}
	if s := pod.SecurityContext; s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.SeccompProfile == nil {
		t.Errorf("securityContext: got %+v, want runAsNonRoot and a seccompProfile", s)
	}
}

func checkContainer(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	c := pod.Containers[0]
	if _, tag, ok := strings.Cut(c.Image, ":"); !ok || tag == "latest" {
		t.Errorf("image: got %q, want a version", c.Image)
	}
	if s := c.SecurityContext; s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation {
		t.Errorf("securityContext: got %+v, want a root that cannot be written and no escalation", s)
	}
	if got := c.Resources.Limits.Memory().String(); got != "512Mi" {
		t.Errorf("the memory limit: got %s, want 512Mi", got)
	}
	mounted := map[string]string{} // path by volume
	for _, m := range c.VolumeMounts {
		mounted[m.Name] = m.MountPath
	}
	var secrets string
	for _, v := range pod.Volumes {
		if v.Secret != nil {
			secrets = mounted[v.Name]
		}
	}
	for _, name := range []string{"JUSTONEAPI_TOKEN", "PGY_MCP_AUTH_TOKEN", "PGY_MCP_REDIS"} {
		for _, e := range c.Env {
			switch e.Name {
			case name:
				t.Errorf("env has %s, want the secret as a file: %s_FILE", name, name)
			case name + "_FILE":
				if folder := filepath.Dir(e.Value); secrets == "" || folder != secrets {
					t.Errorf("%s is %s, want a file in the secret's folder %q", e.Name, e.Value, secrets)
				}
			}
		}
	}
	for what, p := range map[string]*corev1.Probe{"startup": c.StartupProbe, "readiness": c.ReadinessProbe, "liveness": c.LivenessProbe} {
		if p == nil || p.HTTPGet == nil || p.HTTPGet.Path != "/healthz" {
			t.Errorf("the %s probe: got %+v, want GET /healthz", what, p)
		}
	}
}

// checkHosts: what callers in the cluster, a port-forward and Prometheus send as Host.
func checkHosts(t *testing.T, services []corev1.Service, c corev1.Container) {
	t.Helper()
	var hosts []string
	for _, e := range c.Env {
		if e.Name == "PGY_MCP_ALLOWED_HOSTS" {
			hosts = strings.Split(e.Value, ",")
		}
	}
	name := services[0].Name
	for _, want := range []string{name, name + ".default.svc", name + ".default.svc.cluster.local", "localhost", "127.0.0.1", "$(POD_IP)"} {
		if !slices.Contains(hosts, want) {
			t.Errorf("PGY_MCP_ALLOWED_HOSTS: got %q, want %s among them", hosts, want)
		}
	}
}
